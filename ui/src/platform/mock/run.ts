import type {
  CanaryReport,
  RunActivity,
  RunEvent,
  RunKind,
  RunProgress,
  RunSummary,
  Stopped,
  TenantOutcome,
  WireError,
} from "../../api/types";
import { refuse } from "./refuse";

/** A tenant's part in a run. */
export type Turn = {
  schema: string;
  versions: number[];
  /** Left as it is, and why. */
  skipped?: WireError;
  /** It fails, as if somebody held a table. */
  fails?: boolean;
  /** What its outcome says, where that is not told by the kind of run. */
  detail?: string | null;
};

/** A run of the pretended computer. */
export type MockRun = {
  progress: RunProgress;
  turns: Turn[];
  outcomes: TenantOutcome[];
  canaries: number;
  ask: boolean;
  stopped: Stopped | null;
  undoes: string | null;
  listeners: ((event: RunEvent) => void)[];
  startedAt: string;
  endedAt: string | null;
  /** Of this window, and not of an earlier start. */
  here: boolean;
  /** Who waits, and how many of them are canaries. */
  left: Turn[];
  ahead: number;
};

export const untouched = (schema: string): TenantOutcome => ({
  schema,
  outcome: "not_started",
  duration_ms: 0,
  waited_ms: 0,
  attempts: 0,
  versions: [],
  error: null,
  detail: null,
});

function refusedOutcome(turn: Turn): TenantOutcome | null {
  if (!turn.skipped) return null;
  const harmless = ["up_to_date", "nothing_to_revert", "tenant_inactive"].includes(turn.skipped.code);
  return { ...untouched(turn.schema), outcome: harmless ? "skipped" : "failed", error: turn.skipped };
}

export function ended({ schema, versions, fails, detail: given }: Turn, kind: RunKind): TenantOutcome {
  if (fails) {
    const error = refuse(
      "lock_timeout",
      { timeout: "5 s" },
      { sqlstate: "55P03", causes: ["canceling statement due to lock timeout"] },
    );
    return {
      ...untouched(schema),
      outcome: "failed",
      duration_ms: 5003,
      waited_ms: 34_210,
      attempts: 6,
      error,
    };
  }
  const retried = schema.length % 9 === 4;
  const usual =
    kind === "export" ? `/home/alix/Exports/${schema}.xlsx` : kind === "create" ? "1–7" : versions.join(", ");
  return {
    ...untouched(schema),
    outcome: "done",
    duration_ms: 8 + (schema.length % 9) * 3,
    waited_ms: retried ? 5120 : 0,
    attempts: retried ? 2 : 1,
    versions,
    detail: given ?? usual,
  };
}

/** In the middle of the third of eleven tables. */
const activityOf = (schema: string): RunActivity => ({
  schema,
  object: "candidates",
  step: 3,
  steps: 11,
  phase: "scanning_heap",
  percent: 45,
  waits_for: null,
});

/** The next tenants have their turn. */
export function takeTurns(run: MockRun): TenantOutcome[] {
  const { progress } = run;
  const perTick = run.ahead > 0 ? 1 : Math.max(1, Math.round(run.turns.length / 60));
  const batch = progress.cancelling ? [] : run.left.slice(0, perTick);
  run.left = run.left.slice(batch.length);
  const outcomes = batch.map((turn) => refusedOutcome(turn) ?? ended(turn, progress.kind));
  for (const one of outcomes) {
    const at = run.outcomes.findIndex((known) => known.schema === one.schema);
    run.outcomes[at] = one;
  }
  progress.ended = run.outcomes.filter((one) => one.outcome !== "not_started").length;
  progress.failed = run.outcomes.filter((one) => one.outcome === "failed").length;
  progress.current = run.left.slice(0, 2).map((turn) => turn.schema);
  if (progress.kind === "maintain") progress.activities = progress.current.map(activityOf);
  progress.rows = Math.round((progress.rows_expected * progress.ended) / Math.max(1, progress.total));
  return outcomes;
}

/** So many canaries have ended: after the last one a person is asked, or the run goes on if none failed. */
export function judge(run: MockRun, ended: number): void {
  run.ahead -= ended;
  if (run.progress.canary_turns) run.progress.canary_turns.ended += ended;
  if (run.ahead > 0) return;
  const report = canaryReport(run.outcomes);
  run.progress.canaries = report;
  run.progress.state = run.ask ? "held" : "running";
  if (run.ask) run.progress.current = [];
  if (run.ask || report.failed === 0) return;
  run.stopped = "canary";
  run.left = [];
}

function canaryReport(outcomes: readonly TenantOutcome[]): CanaryReport {
  const tried = outcomes.filter((one) => one.attempts > 0);
  return {
    tenants: tried.length,
    failed: tried.filter((one) => one.outcome === "failed").length,
    retried: tried.filter((one) => one.attempts > 1).length,
    slowest_ms: Math.max(0, ...tried.map((one) => one.duration_ms)),
    waited_ms: tried.reduce((sum, one) => sum + one.waited_ms, 0),
  };
}

export function summarise(run: MockRun): RunSummary {
  const count = (outcome: TenantOutcome["outcome"]) =>
    run.outcomes.filter((one) => one.outcome === outcome).length;
  return {
    run: run.progress.run,
    kind: run.progress.kind,
    database: run.progress.database,
    done: count("done"),
    skipped: count("skipped"),
    failed: count("failed"),
    cancelled: count("cancelled"),
    not_started: count("not_started"),
    duration_ms: run.progress.elapsed_ms,
    stopped: run.stopped,
    undoes: run.undoes,
    tenants: run.outcomes,
  };
}
