import { describe, expect, it } from "vitest";
import type { MigrationStatus, TenantMigrations } from "../api/types";
import { canGoBack, canGoOn, createMatrix } from "./matrix";

const tenant = (more: Partial<TenantMigrations>): TenantMigrations => ({
  schema: "t",
  name: "T",
  has_history: true,
  version: 1,
  applied: [1],
  pending: [],
  problem: null,
  problem_version: null,
  line_endings: [],
  invalid_indexes: [],
  place: null,
  ...more,
});

const problem = (code: string) => ({
  code,
  params: {},
  message: "",
  detail: null,
  hint: null,
  sqlstate: null,
  causes: [],
});

const statesOf = (more: Partial<TenantMigrations>) => {
  const migration = (version: number) => ({ version }) as MigrationStatus["migrations"][number];
  const { rows } = createMatrix({ migrations: [migration(1), migration(2)], tenants: [tenant(more)] });
  return [rows[0]?.standing, rows[0]?.signs];
};

describe("the matrix", () => {
  it("tells other line endings from another text, and does not call them a problem", () => {
    expect(statesOf({ applied: [1, 2], line_endings: [2] })).toEqual(["current", "✓≈"]);
    expect(statesOf({ applied: [1, 2], problem: problem("checksum_changed"), problem_version: 2 })).toEqual([
      "problem",
      "✓≠",
    ]);
  });

  it("shows what stopped half-way, which a plan goes on with or takes back", () => {
    for (const code of ["migration_half_way", "reversion_half_way", "statement_in_doubt", "migration_dirty"])
      expect(statesOf({ pending: [2], problem: problem(code), problem_version: 2 })).toEqual([
        "problem",
        "✓½",
      ]);
    const stopped = (code: string) => tenant({ applied: [], pending: [1], problem: problem(code) });
    const codes = ["migration_half_way", "statement_in_doubt", "checksum_changed"];
    expect(codes.map((code) => canGoOn(stopped(code)))).toEqual([true, false, false]);
    expect(codes.map((code) => canGoBack(stopped(code)))).toEqual([true, true, false]);
  });
});
