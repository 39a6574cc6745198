import type { Archive, ExportedFile, Outcome, TenantOutcome, WireError } from "../api/types";
import type { Tone } from "../components/status/Status";
import type { FollowedRun } from "./store";

/** What a tenant's line can say: its outcome, or that it is being worked on. */
export type OutcomeState = Outcome | "running";

/** A file that a run has written of a tenant. */
export type WrittenFile = {
  kind: "workbook" | "archive";
  schema: string;
  path: string;
  bytes: number;
  rows: number;
  /** It was read back, or brought back, and holds what was in the tenant. */
  verified: boolean;
};

export const writtenWorkbook = (file: ExportedFile): WrittenFile => ({
  kind: "workbook",
  schema: file.schema,
  path: file.path,
  bytes: file.bytes,
  rows: file.tables.reduce((sum, table) => sum + table.rows, 0),
  verified: file.verified,
});

export const writtenArchive = (archive: Archive): WrittenFile => ({
  kind: "archive",
  schema: archive.tenants[0] ?? "",
  path: archive.path,
  bytes: archive.bytes,
  rows: archive.rows,
  verified: archive.verified,
});

/** A tenant's line in the list of a run. */
export type OutcomeRow = {
  schema: string;
  name: string;
  state: OutcomeState;
  /** Milliseconds; `null` for who has not ended. */
  duration: number | null;
  /** Milliseconds lost to tries that were given up. */
  waited: number | null;
  attempts: number | null;
  versions: readonly number[];
  error: WireError | null;
  detail: string | null;
  /** What was written of it, after an export or a backup. */
  file: WrittenFile | null;
};

/** The gravest first: what somebody opens the list for. */
export const states: readonly OutcomeState[] = [
  "failed",
  "cancelled",
  "running",
  "done",
  "skipped",
  "not_started",
];

export const tones: Record<OutcomeState, Tone> = {
  failed: "bad",
  cancelled: "warn",
  running: "busy",
  done: "ok",
  skipped: "info",
  not_started: "off",
};

/** Everybody in the run who has an outcome or is being worked on. */
export function outcomeRows(
  run: FollowedRun,
  names: ReadonlyMap<string, string>,
  files: readonly WrittenFile[],
): OutcomeRow[] {
  const fileOf = new Map(files.map((file) => [file.schema, file]));
  const ended = [...run.outcomes.values()].map((one) => toRow(one, names, fileOf.get(one.schema) ?? null));
  const running = run.progress.current
    .filter((schema) => !run.outcomes.has(schema))
    .map((schema) => ({
      schema,
      name: names.get(schema) ?? schema,
      state: "running" as const,
      duration: null,
      waited: null,
      attempts: null,
      versions: [],
      error: null,
      detail: null,
      file: null,
    }));
  return [...running, ...ended];
}

function toRow(one: TenantOutcome, names: ReadonlyMap<string, string>, file: WrittenFile | null): OutcomeRow {
  return {
    schema: one.schema,
    name: names.get(one.schema) ?? one.schema,
    state: one.outcome,
    duration: one.outcome === "not_started" ? null : one.duration_ms,
    waited: one.attempts === 0 ? null : one.waited_ms,
    attempts: one.attempts === 0 ? null : one.attempts,
    versions: one.versions,
    error: one.error,
    detail: one.detail,
    file,
  };
}

export function countStates(rows: readonly OutcomeRow[]): Map<OutcomeState, number> {
  const counts = new Map<OutcomeState, number>();
  for (const row of rows) counts.set(row.state, (counts.get(row.state) ?? 0) + 1);
  return counts;
}

/** How the run as a whole went, as a sign. */
export function runTone(run: FollowedRun): Tone {
  if (!run.summary) {
    if (run.progress.state === "paused") return "off";
    if (run.progress.state !== "held") return "busy";
    return run.progress.canaries?.failed ? "bad" : "warn";
  }
  if (run.summary.failed > 0) return "bad";
  if (run.summary.cancelled + run.summary.not_started > 0) return "warn";
  return "ok";
}
