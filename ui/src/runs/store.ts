import { useSyncExternalStore } from "react";
import { attachToRun } from "../api/runs";
import type { RunEvent, RunProgress, RunSummary, TenantOutcome } from "../api/types";
import { forgetNotes, isNoted, noteRun } from "./memory";

/** What the window knows about a run that it follows. */
export type FollowedRun = {
  progress: RunProgress;
  /** Outcomes so far, by schema. */
  outcomes: ReadonlyMap<string, TenantOutcome>;
  /** There when the run is over. */
  summary: RunSummary | null;
};

type RunEnded = (summary: RunSummary) => void;

let runs: ReadonlyMap<string, FollowedRun> = new Map();
const followed = new Set<string>();
const listeners = new Set<() => void>();
const endListeners = new Set<RunEnded>();
const waiting = new Map<string, RunEnded[]>();

function replace(run: string, change: FollowedRun | null): void {
  const next = new Map(runs);
  if (change) next.set(run, change);
  else next.delete(run);
  runs = next;
  for (const listener of listeners) listener();
}

function receive(run: string, event: RunEvent): void {
  const known = runs.get(run);
  const outcomes = new Map(known?.outcomes);
  if (event.event === "progress") {
    for (const outcome of event.ended) outcomes.set(outcome.schema, outcome);
    replace(run, { progress: event.progress, outcomes, summary: null });
    return;
  }
  const { summary } = event;
  for (const outcome of summary.tenants) outcomes.set(outcome.schema, outcome);
  replace(run, { progress: endedProgress(summary, known?.progress), outcomes, summary });
  for (const listener of endListeners) listener(summary);
  for (const listener of waiting.get(run) ?? []) listener(summary);
  waiting.delete(run);
}

function endedProgress(summary: RunSummary, before: RunProgress | undefined): RunProgress {
  const total = summary.done + summary.skipped + summary.failed + summary.cancelled + summary.not_started;
  return {
    run: summary.run,
    kind: summary.kind,
    database: summary.database,
    total,
    ended: total - summary.not_started,
    failed: summary.failed,
    current: [],
    activities: [],
    rows: before?.rows ?? 0,
    rows_expected: before?.rows_expected ?? 0,
    elapsed_ms: summary.duration_ms,
    remaining_ms: null,
    cancelling: false,
    state: "ended",
    canary_turns: before?.canary_turns ?? null,
    canaries: before?.canaries ?? null,
  };
}

/** Follows a run to its end, from wherever it is. Asking twice is following once. */
export async function followRun(run: string): Promise<void> {
  if (followed.has(run) || isNoted("dismissed", run)) return;
  followed.add(run);
  try {
    await attachToRun(run, (event) => receive(run, event));
  } catch (error) {
    followed.delete(run);
    throw error;
  }
}

/**
 * Follows the run that applying a plan has started. A run that is gone on with keeps its name: what was known of its
 * first part makes way for what core says now.
 */
export async function followStarted(run: string): Promise<void> {
  forgetNotes(run);
  followed.delete(run);
  if (runs.has(run)) replace(run, null);
  await followRun(run);
}

/** A run of the record as one that is followed, which it no longer has to be. */
export function recordedRun(summary: RunSummary): FollowedRun {
  return {
    progress: endedProgress(summary, undefined),
    outcomes: new Map(summary.tenants.map((one) => [one.schema, one])),
    summary,
  };
}

/** Resolves with the result of a run that is being followed. */
export function runEnd(run: string): Promise<RunSummary> {
  const summary = runs.get(run)?.summary;
  if (summary) return Promise.resolve(summary);
  return new Promise((resolve) => {
    waiting.set(run, [...(waiting.get(run) ?? []), resolve]);
  });
}

/** Hears of every run that ends while the window is open. */
export function onRunEnd(listener: RunEnded): () => void {
  endListeners.add(listener);
  return () => endListeners.delete(listener);
}

/** Takes a finished run out of the dock; a reload does not bring it back. */
export function dismissRun(run: string): void {
  noteRun("dismissed", run);
  followed.delete(run);
  replace(run, null);
}

/** The runs that the window follows, in the order in which they were started. */
export function useRuns(): readonly FollowedRun[] {
  const map = useSyncExternalStore(subscribe, snapshot);
  return [...map.values()];
}

/** One run that the window follows. */
export function useRun(run: string | null): FollowedRun | null {
  const map = useSyncExternalStore(subscribe, snapshot);
  return run === null ? null : (map.get(run) ?? null);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function snapshot() {
  return runs;
}

/** For tests: forgets everything. */
export function resetRuns(): void {
  followed.clear();
  waiting.clear();
  runs = new Map();
}
