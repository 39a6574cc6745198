import type {
  MaintainFigures,
  MaintainPlan,
  MaintainReport,
  MaintainRequest,
  PlannedTable,
  TenantSummary,
} from "../../api/types";
import type { Command } from "./commands";
import { check } from "./plans";
import { refuse } from "./refuse";
import type { MockRuns } from "./runs";
import { tablesOf } from "./structure";

type Tools = {
  fleet: TenantSummary[];
  runs: () => MockRuns;
  wait: (milliseconds: number) => Promise<unknown>;
};

/** The table that somebody has locked, where there is one. */
const locked = "applications";
const when = "2026-11-20T02:15:00Z";

/** A fleet's tables are vacuumed, analyzed, built anew and looked through. */
export function createMaintain({ fleet, runs, wait }: Tools) {
  const plans = new Map<string, { plan: MaintainPlan; request: MaintainRequest }>();
  const started = new Map<string, { plan: MaintainPlan; request: MaintainRequest }>();

  const figures = (tenant: TenantSummary, table: string, at: number): MaintainFigures => ({
    rows: 900 + at * 317,
    dead_rows: table.length % 3 === 0 ? 4200 + at * 11 : at,
    size_bytes: 81_920 * (at + 1) + tenant.schema.length,
    index_bytes: 40_960 * (at + 1),
    frozen_age: 1200 + at,
    last_vacuum: at % 2 === 0 ? when : null,
    last_analyze: when,
  });

  function tablesOfTenant(tenant: TenantSummary, request: MaintainRequest): PlannedTable[] {
    const all = tablesOf(tenant).map(({ table }, at): PlannedTable => {
      const now = figures(tenant, table, at);
      const needs = now.dead_rows >= 1000 && request.work !== "check";
      const rows = String(now.dead_rows);
      return {
        schema: tenant.schema,
        table,
        figures: now,
        changed_rows: at * 3,
        reasons: needs ? [{ code: "dead_rows", params: { rows }, message: `${rows} dead rows` }] : [],
        left_out: null,
      };
    });
    const named = all.filter(({ table }) => request.tables.length === 0 || request.tables.includes(table));
    return request.needed ? named.filter(({ reasons }) => reasons.length > 0) : named;
  }

  function plan(request: MaintainRequest, schemas: readonly string[]): MaintainPlan {
    const tenants = fleet.filter((one) => schemas.includes(one.schema));
    const tables = tenants.flatMap((tenant) => tablesOfTenant(tenant, request));
    const [first] = tenants;
    const statement = {
      vacuum: "vacuum",
      analyze: "analyze",
      reindex: "reindex table concurrently",
      check: "-- check",
    };
    const options = request.work === "vacuum" && request.analyze ? " (analyze)" : "";
    const writes = request.work !== "check";
    const made: MaintainPlan = {
      id: crypto.randomUUID(),
      kind: writes ? "maintain" : "check",
      work: request.work,
      tenants: tenants.map(({ schema, name }) => ({
        schema,
        name,
        steps: tables.filter((table) => table.schema === schema).map(({ table }) => table),
        canary: false,
        skipped: null,
      })),
      statements: first
        ? [
            {
              schema: first.schema,
              tenants: tenants.length,
              names: tenants.slice(0, 5).map(({ schema }) => schema),
              from: null,
              sql: tables
                .filter(({ schema }) => schema === first.schema)
                .map(({ table }) => `${statement[request.work]}${options} "${first.schema}"."${table}";`)
                .join("\n"),
            },
          ]
        : [],
      checks: [
        check("ok", "maintain_extent", "…", {
          tables: String(tables.length),
          tenants: String(tenants.length),
        }),
        writes ? check("ok", "maintain_proven", "…") : check("warning", "check_no_amcheck", "…"),
        ...(request.work === "vacuum"
          ? [
              check("warning", "maintain_held", "…", {
                number: "1",
                names: "psql, pid 4711, 1893 s, idle in transaction",
              }),
            ]
          : []),
      ],
      fingerprint: "7d865e959b2466918c9863afca942d0f",
      tables,
      tables_in_all: tables.length,
      size_bytes: tables.reduce(
        (sum, { figures: now }) => sum + (now.size_bytes ?? 0) + (now.index_bytes ?? 0),
        0,
      ),
    };
    plans.set(made.id, { plan: made, request });
    return made;
  }

  function report(
    schema: string,
    { plan: made, request }: { plan: MaintainPlan; request: MaintainRequest },
  ): MaintainReport {
    const own = made.tables.filter((table) => table.schema === schema);
    if (request.work === "check") {
      return {
        work: "check",
        schema,
        planned: 0,
        tables: [],
        findings: [
          {
            check: "foreign_key",
            level: "error",
            object: "applications.applications_offer_fkey",
            message: "…",
            code: "orphans",
            params: { rows: "3", table: "applications", parent: "offers", name: "applications_offer_fkey" },
            detail: `select c.* from only "${schema}"."applications" c where …;`,
            fix_sql: null,
          },
          {
            check: "sequence",
            level: "error",
            object: "candidates.id",
            message: "…",
            code: "sequence_behind",
            params: { sequence: "candidates_id_seq", column: "candidates.id", next: "12", furthest: "184" },
            detail: null,
            fix_sql: `select pg_catalog.setval('"${schema}"."candidates_id_seq"', 184);`,
          },
        ],
        not_looked_at: [{ check: "index", reason: "no_amcheck", objects: 21, example: "candidates_pkey" }],
        looked_at: { tables: 0, indexes: 0, keys: 2 },
      };
    }
    return {
      work: request.work,
      schema,
      planned: own.length,
      tables: own.map(({ table, figures: before }) => {
        const done = table !== locked || schema.length % 5 !== 0;
        return {
          table,
          done,
          reason: done ? null : { code: "locked", params: { holder: "psql, pid 4711" }, message: "…" },
          indexes: request.work === "reindex" && done ? 2 : 0,
          before,
          after: done ? { ...before, dead_rows: 0, last_vacuum: new Date().toISOString() } : null,
          duration_ms: 12,
        };
      }),
      findings: [],
      not_looked_at: [],
      looked_at: { tables: 0, indexes: 0, keys: 0 },
    };
  }

  function words(one: MaintainReport): string {
    if (one.work === "check") return "2 findings in 0 tables, 0 indexes, 2 foreign keys";
    const done = one.tables.filter((table) => table.done);
    const of = done.length === one.tables.length ? "" : ` of ${one.tables.length}`;
    const dead = done.reduce((sum, { before }) => sum + before.dead_rows, 0);
    if (one.work === "analyze") return `${done.length}${of} tables analyzed`;
    if (one.work === "reindex")
      return `${done.length * 2} indexes of ${done.length}${of} tables built anew, 0 bytes fewer`;
    return `${done.length}${of} tables vacuumed, ${dead} dead rows and 0 bytes fewer`;
  }

  return {
    commands: {
      maintain_plan: async ({ request, tenants }: { request: MaintainRequest; tenants: string[] }) => {
        await wait(200);
        return plan(request, tenants);
      },
      maintain_apply: ({ plan: id }: { plan: string }) => {
        const made = plans.get(id);
        if (!made) throw refuse("plan_missing", { id });
        const run = runs().start({
          kind: made.plan.kind,
          turns: made.plan.tenants.map(({ schema }) => ({
            schema,
            versions: [],
            detail: words(report(schema, made)),
          })),
        });
        started.set(run, made);
        return run;
      },
      maintain_report: ({ run, schema }: { run: string; schema: string }) => {
        const made = started.get(run);
        return made ? report(schema, made) : null;
      },
    } satisfies Record<string, Command>,
  };
}
