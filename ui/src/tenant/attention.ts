import type { TenantDetail } from "../api/types";
import type { Tone } from "../components/status/Status";

export type Hint = {
  kind: "pending" | "inactive" | "unreadable" | "people" | "storage" | "dead" | "analyze";
  tone: Tone;
  count: number;
  tables: string[];
};

/** Fewer rows than this are rewritten by the next autovacuum anyway. */
const enough = 1000;

/** What somebody who looks at this tenant would want to know first, from its own figures. */
export function attention(tenant: TenantDetail): Hint[] {
  const hints: Hint[] = [];
  if (!tenant.readable) hints.push({ kind: "unreadable", tone: "warn", count: 1, tables: [] });
  if (tenant.state === "inactive") hints.push({ kind: "inactive", tone: "off", count: 1, tables: [] });
  if (tenant.pending) hints.push({ kind: "pending", tone: "warn", count: tenant.pending, tables: [] });
  const quota = tenant.quota;
  if (quota?.exceeded.includes("people"))
    hints.push({ kind: "people", tone: "bad", count: quota.people ?? 0, tables: [quota.people_table ?? ""] });
  if (quota?.exceeded.includes("storage")) hints.push({ kind: "storage", tone: "bad", count: 1, tables: [] });
  const dead = tenant.tables
    .filter((table) => table.dead_rows > enough && table.dead_rows > (table.rows + table.dead_rows) / 5)
    .map((table) => table.table);
  if (dead.length > 0) hints.push({ kind: "dead", tone: "warn", count: dead.length, tables: dead });
  const guessed = tenant.tables
    .filter((table) => table.kind === "table" && table.rows_estimated && table.last_analyze === null)
    .map((table) => table.table);
  if (guessed.length > 0)
    hints.push({ kind: "analyze", tone: "info", count: guessed.length, tables: guessed });
  return hints;
}
