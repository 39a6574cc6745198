import type { OpenConnection, RunEntry, RunKind, RunSummary } from "../api/types";

type Counts = Pick<RunEntry, "kind" | "stopped" | "done" | "failed" | "cancelled" | "not_started">;

export const isMigration = (kind: RunKind) => kind === "migrate_up" || kind === "migrate_down";

/** Tells of each tenant's tables. */
export const isMaintenance = (kind: RunKind) => kind === "maintain" || kind === "check";

/** Its page says table by table what was brought back, or tried out. */
export const hasReport = (run: Pick<RunEntry, "kind" | "done">) =>
  (run.kind === "restore" || run.kind === "verify_backup") && run.done > 0;

/** Tenants that the run was to change and did not. */
export const leftOf = (run: Counts) => run.failed + run.cancelled + run.not_started;

/** Something is left that the run can be gone on with. */
export const canGoOn = (run: Counts) => isMigration(run.kind) && leftOf(run) > 0;

/** The run moved somebody, or was killed before it could say whom. */
export function canUndo(run: Counts | RunSummary): boolean {
  if (!isMigration(run.kind)) return false;
  if (run.done > 0 || run.stopped === "interrupted") return true;
  // Who failed at the second migration has had the first.
  return "tenants" in run && run.tenants.some((tenant) => tenant.versions.length > 0);
}

/** The run that took this one back. */
export const undoneBy = (run: string, all: readonly RunEntry[]): RunEntry | null =>
  all.find((entry) => entry.undoes === run && entry.done > 0) ?? null;

/** How the record names a database. */
export const databaseOf = ({ profile }: OpenConnection) =>
  `${profile.database} @ ${profile.host}:${profile.port}`;

/** The program ended in the middle of it, and nobody has gone on with it or taken it back. */
export const isInterrupted = (entry: RunEntry, all: readonly RunEntry[]) =>
  entry.stopped === "interrupted" && !entry.running && canGoOn(entry) && undoneBy(entry.run, all) === null;

/** The interrupted ones first, since they wait for somebody; then the newest. */
export function inOrder(all: readonly RunEntry[]): RunEntry[] {
  const waits = (entry: RunEntry) => Number(isInterrupted(entry, all));
  return [...all].sort((a, b) => waits(b) - waits(a) || b.started_at.localeCompare(a.started_at));
}
