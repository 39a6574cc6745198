import type { TableFigures, TenantStats } from "../api/types";

/** A figure that tables are compared by. */
export type Measure = "rows" | "size" | "index" | "dead" | "seqScans" | "indexScans" | "writes" | "cacheHit";

export const measures: readonly Measure[] = [
  "rows",
  "size",
  "index",
  "dead",
  "seqScans",
  "indexScans",
  "writes",
  "cacheHit",
];

/** How a measure is written. */
export const unitOf: Record<Measure, "count" | "bytes" | "share"> = {
  rows: "count",
  size: "bytes",
  index: "bytes",
  dead: "count",
  seqScans: "count",
  indexScans: "count",
  writes: "count",
  cacheHit: "share",
};

const picks: Record<Measure, (table: TableFigures) => number | null> = {
  rows: (table) => table.rows,
  size: (table) => table.size_bytes,
  index: (table) => table.index_bytes,
  dead: (table) => table.dead_rows,
  seqScans: (table) => table.seq_scans,
  indexScans: (table) => table.index_scans,
  writes: (table) => table.writes,
  cacheHit: (table) => table.cache_hit,
};

/** `undefined` where the tenant has no such table. */
export type HeatValue = number | null | undefined;

/** A table across the tenants. */
export type HeatRow = {
  table: string;
  /** In the order of the tenants. */
  values: readonly HeatValue[];
  estimated: readonly boolean[];
  greatest: number;
  /** Of the tenants that have the table. */
  least: number;
  median: number;
  /** Greatest less smallest; a table that is missing counts as 0. */
  difference: number;
  /** Greatest as a multiple of the smallest, of the tenants that have the table; `null` where that is 0. */
  ratio: number | null;
  /** How many tenants do not have it. */
  missing: number;
};

/** Every table of any of the tenants, with one measure side by side for those that are shown. */
export function heatRows(
  tenants: readonly TenantStats[],
  measure: Measure,
  shown: readonly TenantStats[] = tenants,
): HeatRow[] {
  const places = shown.map((tenant) => tenants.indexOf(tenant));
  const byTable = tenants.map((tenant) => new Map(tenant.tables.map((table) => [table.table, table])));
  const names = new Set(byTable.flatMap((tables) => [...tables.keys()]));
  return [...names].map((name) => {
    const tables = byTable.map((one) => one.get(name));
    const values = tables.map((table) => (table ? picks[measure](table) : undefined));
    const present = values.filter((value) => value !== undefined).map((value) => value ?? 0);
    const known = present.sort((a, b) => a - b);
    const [least = 0, greatest = 0] = [known[0], known[known.length - 1]];
    const missing = values.length - known.length;
    return {
      table: name,
      values: places.map((place) => values[place]),
      estimated: places.map((place) => measure === "rows" && (tables[place]?.rows_estimated ?? false)),
      greatest,
      least,
      median: known[(known.length - 1) >> 1] ?? 0,
      difference: greatest - (missing > 0 ? Math.min(0, least) : least),
      ratio: least > 0 ? greatest / least : null,
      missing,
    };
  });
}

/** The tables in which the tenants differ most come first; those that some do not have before all others. */
export function byDifference(a: HeatRow, b: HeatRow): number {
  return Number(b.missing > 0) - Number(a.missing > 0) || b.difference - a.difference;
}

/** The tables in which one tenant has many times what another has come first. */
export function byRatio(a: HeatRow, b: HeatRow): number {
  const weight = (row: HeatRow) => row.ratio ?? (row.greatest > 0 ? Number.MAX_VALUE : 0);
  return weight(b) - weight(a) || byDifference(a, b);
}

/** The tables that weigh most over all tenants, and the rest as one. */
export function heaviest(
  tenants: readonly TenantStats[],
  measure: "rows" | "size",
  count: number,
): { tables: string[]; rest: boolean } {
  const sums = new Map<string, number>();
  for (const tenant of tenants) {
    for (const table of tenant.tables)
      sums.set(table.table, (sums.get(table.table) ?? 0) + (picks[measure](table) ?? 0));
  }
  const ordered = [...sums].sort(([, a], [, b]) => b - a).map(([name]) => name);
  return { tables: ordered.slice(0, count), rest: ordered.length > count };
}

export const figureOf = (table: TableFigures, measure: Measure) => picks[measure](table);
