import type { MigrationInfo, MigrationStatus, TenantMigrations } from "../api/types";
import { fold } from "../tenants/search";

/** Where a tenant is with a migration. */
export type CellState =
  | "applied"
  /** Applied with other line endings than the file has now. */
  | "lineEndings"
  | "pending"
  /** The file was changed after the tenant had applied it. */
  | "changed"
  /** In the tenant's history, not in the folder. */
  | "unknown"
  /** Failed half-way. */
  | "halfway"
  /** Older than what the tenant has applied, and not applied. */
  | "gap"
  /** Anything else that stands in the way. */
  | "problem"
  | "none";

export const cellStates: readonly CellState[] = [
  "applied",
  "lineEndings",
  "pending",
  "changed",
  "unknown",
  "halfway",
  "gap",
  "problem",
];

/** A sign per state: colours are not needed to tell them apart. */
export const glyphs: Record<CellState, string> = {
  applied: "✓",
  lineEndings: "≈",
  pending: "○",
  changed: "≠",
  unknown: "?",
  halfway: "½",
  gap: "↕",
  problem: "!",
  none: " ",
};

/** The state that a sign stands for. */
export const stateOfGlyph = Object.fromEntries(
  Object.entries(glyphs).map(([state, glyph]) => [glyph, state]),
) as Readonly<Record<string, CellState>>;

/** A column: a migration of the folder, or a version that only some tenant's history knows. */
export type MatrixColumn = { version: number; migration: MigrationInfo | null };

/** How far a tenant is, as one word. */
export type Standing =
  | "current"
  | "behind"
  | "problem"
  /** Nothing was ever migrated here: it may belong to something else, and is migrated only when it is selected. */
  | "noHistory";

export type Matrix = {
  columns: readonly MatrixColumn[];
  rows: readonly MatrixRow[];
};

export type MatrixRow = {
  tenant: TenantMigrations;
  standing: Standing;
  /** Name and schema as a search looks at them. */
  text: string;
  states: ReadonlyMap<number, CellState>;
  /** The signs of all columns, in order: lines that look the same are known by it. */
  signs: string;
};

const problems: Record<string, CellState> = {
  checksum_changed: "changed",
  migration_unknown: "unknown",
  migration_dirty: "halfway",
  migration_half_way: "halfway",
  reversion_half_way: "halfway",
  statement_in_doubt: "halfway",
  migration_gap: "gap",
};

export function createMatrix(status: MigrationStatus): Matrix {
  const known = new Map(status.migrations.map((migration) => [migration.version, migration]));
  const found = new Set(known.keys());
  for (const tenant of status.tenants) for (const version of tenant.applied) found.add(version);
  const versions = [...found].sort((a, b) => a - b);
  return {
    columns: versions.map((version) => ({ version, migration: known.get(version) ?? null })),
    rows: status.tenants.map((tenant) => {
      const states = statesOf(tenant, known);
      return {
        tenant,
        standing: standingOf(tenant),
        text: fold(`${tenant.name} ${tenant.schema}`),
        states,
        signs: versions.map((version) => glyphs[states.get(version) ?? "none"]).join(""),
      };
    }),
  };
}

function statesOf(
  tenant: TenantMigrations,
  known: ReadonlyMap<number, MigrationInfo>,
): Map<number, CellState> {
  const states = new Map<number, CellState>();
  if (tenant.has_history) for (const version of tenant.pending) states.set(version, "pending");
  for (const version of tenant.applied) states.set(version, known.has(version) ? "applied" : "unknown");
  for (const version of tenant.line_endings) states.set(version, "lineEndings");
  if (tenant.problem && tenant.problem_version !== null)
    states.set(tenant.problem_version, problems[tenant.problem.code] ?? "problem");
  return states;
}

/** A plan can finish what stopped half-way here, or take it back. */
export const canGoOn = ({ problem }: TenantMigrations) => problem?.code === "migration_half_way";
export const canGoBack = ({ problem, applied }: TenantMigrations) =>
  applied.length > 0 || problem?.code === "migration_half_way" || problem?.code === "statement_in_doubt";

function standingOf(tenant: TenantMigrations): Standing {
  if (tenant.problem) return "problem";
  if (!tenant.has_history) return "noHistory";
  return tenant.pending.length > 0 ? "behind" : "current";
}

export function countStandings(rows: readonly MatrixRow[]): Record<Standing, number> {
  const counts: Record<Standing, number> = { current: 0, behind: 0, problem: 0, noHistory: 0 };
  for (const row of rows) counts[row.standing] += 1;
  return counts;
}

/** How many tenants are in each state with a migration. */
export function countColumn(rows: readonly MatrixRow[], version: number): Map<CellState, number> {
  const counts = new Map<CellState, number>();
  for (const row of rows) {
    const state = row.states.get(version);
    if (state) counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return counts;
}
