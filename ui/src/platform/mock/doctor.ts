import type {
  DoctorFinding,
  DoctorReport,
  FixPlan,
  FixRequest,
  RunSummary,
  TenantSummary,
} from "../../api/types";
import { checks } from "../../health/words";
import type { Command } from "./commands";
import { check } from "./plans";
import { refuse } from "./refuse";
import type { createRuns } from "./runs";

type Made = { plan: FixPlan; run?: string };
type Surroundings = {
  fleet: TenantSummary[];
  runs: () => ReturnType<typeof createRuns>;
  wait: (milliseconds: number) => Promise<unknown>;
};

function finding(
  what: Pick<DoctorFinding, "check" | "level" | "schema" | "object" | "params"> & Partial<DoctorFinding>,
): DoctorFinding {
  return {
    id: `${what.check} ${what.schema} ${what.object}`,
    code: what.check,
    message: `${what.check} of ${what.object}.`,
    evidence: [],
    fix_sql: null,
    fixable: what.fix_sql !== undefined && what.fix_sql !== null,
    ...what,
  };
}

/** What is wrong in the pretended database. */
function samples(fleet: readonly TenantSummary[]): DoctorFinding[] {
  const at = (index: number) => fleet[index % fleet.length]?.schema ?? "acme";
  if (fleet.length < 4) return [];
  return [
    finding({
      check: "isolation",
      code: "isolation_rights",
      level: "error",
      schema: at(2),
      object: `app_${at(1)}`,
      params: { role: `app_${at(1)}`, own: at(1) },
      evidence: [
        { name: "schema_rights", value: `app_${at(1)}: USAGE; app_${at(2)}: USAGE` },
        { name: "rights_on", value: "companies, consultants" },
      ],
      fix_sql: `revoke all on all tables in schema "${at(2)}" from "app_${at(1)}";\nrevoke all on schema "${at(2)}" from "app_${at(1)}";`,
    }),
    finding({
      check: "sequence_behind",
      level: "error",
      schema: at(0),
      object: "consultants.id",
      params: { sequence: "consultants_id_seq", column: "consultants.id", next: "412", furthest: "1290" },
      evidence: [
        { name: "next_value", value: "412" },
        { name: "furthest_value", value: "1290" },
      ],
      fix_sql: `select pg_catalog.setval('"${at(0)}"."consultants_id_seq"'::pg_catalog.regclass, (select pg_catalog.max("id") from "${at(0)}"."consultants"));`,
    }),
    finding({
      check: "crossing",
      code: "crossing_tenant",
      level: "error",
      schema: at(3),
      object: `constraint matches_consultant_id_fkey on table ${at(3)}.matches → ${at(1)}`,
      params: {
        kind: "foreign_key",
        object: `constraint matches_consultant_id_fkey on table ${at(3)}.matches`,
        other: at(1),
        targets: `table ${at(1)}.consultants`,
      },
      evidence: [
        { name: "depends_on", value: `table ${at(1)}.consultants` },
        { name: "definition", value: `FOREIGN KEY (consultant_id) REFERENCES ${at(1)}.consultants(id)` },
      ],
      fix_sql: `alter table "${at(3)}"."matches" drop constraint "matches_consultant_id_fkey";\nalter table "${at(3)}"."matches" add constraint "matches_consultant_id_fkey" FOREIGN KEY (consultant_id) REFERENCES "${at(3)}".consultants(id);`,
    }),
    finding({
      check: "lock_budget",
      level: "warning",
      schema: null,
      object: "max_locks_per_transaction",
      params: { tenant: at(0), relations: "4210", budget: "6400", setting: "128" },
      evidence: [{ name: "max_locks_per_transaction", value: "64" }],
      fix_sql: "alter system set max_locks_per_transaction = 128;",
      fixable: false,
    }),
    ...[4, 5, 6].map((index) =>
      finding({
        check: "index_invalid",
        level: "warning",
        schema: at(index),
        object: "matches.matches_score_idx",
        params: { name: "matches_score_idx", table: "matches" },
        evidence: [
          {
            name: "definition",
            value: `CREATE INDEX matches_score_idx ON ${at(index)}.matches USING btree (score)`,
          },
        ],
        fix_sql: `reindex index concurrently "${at(index)}"."matches_score_idx";`,
      }),
    ),
    finding({
      check: "crossing",
      code: "crossing_outside",
      level: "note",
      schema: "public",
      object: `view everybody → ${at(1)}`,
      params: { kind: "view", object: "view everybody", other: at(1), targets: `table ${at(1)}.consultants` },
    }),
  ];
}

/** The doctor of the pretended database: what is repaired is gone. */
export function createDoctor({ fleet, runs, wait }: Surroundings) {
  let findings = samples(fleet);
  const plans = new Map<string, Made>();
  const report = (): DoctorReport => ({
    findings,
    checks_run: checks.map((one) => ({
      check: one,
      why: "…",
      findings: findings.filter((found) => found.check === one).length,
    })),
    not_checked: [
      { check: "registry", reason: "no_registry", objects: null, message: "This database has no registry." },
      { check: "sequence_behind", reason: "no_right", objects: 3, message: "…" },
    ],
    tenants: fleet.length,
    examined_at: new Date().toISOString(),
    duration_ms: 900,
  });

  function planFix(request: FixRequest): FixPlan {
    const asked = (found: DoctorFinding) =>
      request.findings.length === 0 || request.findings.includes(found.id);
    const chosen = findings.filter((found) => found.fixable && asked(found));
    const schemas = [...new Set(chosen.map((found) => found.schema ?? "pg_database"))];
    const plan: FixPlan = {
      id: crypto.randomUUID(),
      kind: "repair",
      tenants: schemas.map((schema) => ({
        schema,
        name: fleet.find((one) => one.schema === schema)?.name ?? schema,
        steps: chosen
          .filter((found) => (found.schema ?? "pg_database") === schema)
          .map((found) => found.check),
        canary: false,
        skipped: null,
      })),
      statements: schemas.map((schema) => ({
        schema,
        tenants: 1,
        names: [schema],
        from: null,
        sql: `begin;\n${chosen
          .filter((found) => (found.schema ?? "pg_database") === schema)
          .map((found) => found.fix_sql)
          .join("\n")}\ncommit;`,
      })),
      checks: [check("ok", "repair_proven", "…", { findings: String(chosen.length) })],
      fingerprint: "b1946ac92492d2347c6235b4d2611184",
      findings: chosen,
    };
    plans.set(plan.id, { plan });
    return plan;
  }

  return {
    /** What a run has repaired is not found any more. */
    settle(summary: RunSummary): void {
      const made = [...plans.values()].find(({ run }) => run === summary.run);
      const gone = new Set(made?.plan.findings.map((found) => found.id));
      findings = findings.filter((found) => !gone.has(found.id));
    },
    commands: {
      doctor_examine: async ({ parts }: { parts?: { onmessage: (part: DoctorReport) => void } }) => {
        const all = report();
        for (const one of all.checks_run) {
          await wait(600 / all.checks_run.length);
          parts?.onmessage({
            ...all,
            findings: all.findings.filter((found) => found.check === one.check),
            checks_run: [one],
            not_checked: all.not_checked.filter((left) => left.check === one.check),
          });
        }
        return all;
      },
      doctor_fix_plan: async ({ request }: { request: FixRequest }) => {
        await wait(300);
        return planFix(request);
      },
      doctor_fix_apply: ({ plan: id }: { plan: string }) => {
        const made = plans.get(id);
        if (!made) throw refuse("plan_missing", { id });
        made.run = runs().start({
          kind: "repair",
          turns: made.plan.tenants.map((one) => ({ schema: one.schema, versions: [], detail: null })),
        });
        return made.run;
      },
    } satisfies Record<string, Command>,
  };
}
