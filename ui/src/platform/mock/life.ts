import type {
  BackupCheck,
  CloneRequest,
  DropPlan,
  Dropped,
  DropRequest,
  Plan,
  PurgePlan,
  PurgeRequest,
  Quarantined,
  RunSummary,
  TenantSummary,
  UndropPlan,
  UndropRequest,
} from "../../api/types";
import type { Command } from "./commands";
import { newTenant, schemaNameOf } from "./fleet";
import { check } from "./plans";
import { refuse } from "./refuse";
import type { MockRuns } from "./runs";
import { tablesOf } from "./structure";

const day = 86_400_000;

/** What a plan does when its run has ended. */
type Kept = { turn: string; detail: string | null; settle: (run: string) => void; kind: Plan["kind"] };

type Tools = {
  fleet: TenantSummary[];
  runs: () => MockRuns;
  wait: (milliseconds: number) => Promise<unknown>;
};

/** A fleet's tenants are cloned, dropped, brought back and removed. */
export function createLife({ fleet, runs, wait }: Tools) {
  const quarantine: Quarantined[] = [];
  const plans = new Map<string, Kept>();
  const started = new Map<string, Kept>();
  const results = new Map<string, Dropped>();

  const find = (schema: string): TenantSummary => {
    const tenant = fleet.find((one) => one.schema === schema);
    if (!tenant) throw refuse("tenant_missing", { name: schema });
    return tenant;
  };
  const dropped = (name: string): Quarantined => {
    const tenant = quarantine.find((one) => one.schema === name || one.was === name);
    if (!tenant) throw refuse("not_quarantined", { name });
    return tenant;
  };
  const remove = <T>(list: T[], one: T) => void list.splice(list.indexOf(one), 1);
  const keep = <T extends Plan>(plan: T, kept: Omit<Kept, "kind">): T => {
    plans.set(plan.id, { ...kept, kind: plan.kind });
    return plan;
  };
  const apply = ({ plan }: { plan: string }): string => {
    const kept = plans.get(plan);
    if (!kept) throw refuse("plan_missing", { id: plan });
    plans.delete(plan);
    const run = runs().start({
      kind: kept.kind,
      turns: [{ schema: kept.turn, versions: [], detail: kept.detail }],
    });
    started.set(run, kept);
    return run;
  };

  function planClone(request: CloneRequest): Plan {
    const source = find(request.source);
    if (request.name.trim() === "") throw refuse("name_empty");
    const schema = request.schema ?? schemaNameOf(request.name);
    if (fleet.some((one) => one.schema === schema))
      throw refuse("schema_name_taken", { name: schema, existing: schema });
    const tables = tablesOf(source).map((table) => table.table);
    const made = { ...newTenant(request.name, schema, source.template), tables: source.tables };
    const plan = planOf("clone", schema, request.name, request.data ? tables : ["_sqlx_migrations"], [
      `begin;\ncreate schema "${schema}";`,
      ...tables.map((table) => `create table "${schema}"."${table}" (…);`),
      "commit;",
    ]);
    plan.checks = [
      check("ok", "all_or_nothing", "Everything happens in one transaction: all of it or nothing."),
    ];
    return keep(plan, {
      turn: schema,
      detail: `${request.data ? source.rows : 7} rows`,
      settle: () => fleet.push(request.data ? { ...made, rows: source.rows } : made),
    });
  }

  function planDrop(request: DropRequest): DropPlan {
    const tenant = find(request.tenant);
    const { schema, tables, rows, size_bytes } = tenant;
    const root = request.backup_dir ?? "/home/alix/.local/share/cadastre/backups";
    const quarantined_as = `_cadastre_q_20260301120000_${schema}`.slice(0, 63);
    const backup_folder = `${root}/${quarantined_as}`;
    const backup = `${backup_folder}/${schema}.xlsx`;
    const plan = planOf(
      "drop",
      schema,
      tenant.name,
      ["backup", quarantined_as, "proof"],
      [
        "begin;\nset local lock_timeout = '2s';",
        `alter schema "${schema}" rename to "${quarantined_as}";`,
        `revoke all on schema "${quarantined_as}" from "app_reader";`,
        "commit;",
      ],
    );
    plan.checks = [
      check("ok", "drop_loses", "…", {
        schema,
        tables: String(tables),
        rows: String(rows),
        bytes: String(size_bytes),
      }),
      check("ok", "drop_backup", "…", { folder: backup_folder }),
      check("ok", "drop_locks_fit", "…", { tables: String(tables), free: "6320", total: "6400" }),
      check("warning", "drop_mention", "…", { table: "domains", column: "schema_name", rows: "2", schema }),
    ];
    const at = new Date().toISOString();
    return keep(
      {
        ...plan,
        losses: {
          tables,
          rows,
          size_bytes,
          dependents: [],
          mentions: [{ table: "domains", column: "schema_name", rows: 2 }],
          roles: ["app_reader"],
          sessions: [],
          lock_budget: { total: 6400, used: 80 },
        },
        backup_folder,
        quarantined_as,
      },
      {
        turn: schema,
        detail: backup,
        settle: (run) => {
          remove(fleet, tenant);
          quarantine.push({
            ...tenant,
            schema: quarantined_as,
            state: "quarantined",
            was: schema,
            quarantined_at: at,
            quarantined_by: "alix@desk",
            backup,
            archive: `${backup_folder}/${schema}.dump`,
            purge_begun: false,
            problem: null,
          });
          results.set(run, {
            schema,
            quarantined_as,
            backup,
            archive: `${backup_folder}/${schema}.dump`,
            bytes: 48_000,
            sha256: "0",
            tables,
            rows,
          });
        },
      },
    );
  }

  function planUndrop({ tenant: name, under }: UndropRequest): UndropPlan {
    const tenant = dropped(name);
    const schema = under ?? tenant.was ?? "";
    if (fleet.some((one) => one.schema === schema))
      throw refuse("schema_name_taken", { name: schema, existing: schema });
    const plan = planOf(
      "undrop",
      tenant.schema,
      tenant.name,
      [schema],
      [`begin;\nalter schema "${tenant.schema}" rename to "${schema}";\ncommit;`],
    );
    plan.checks = [check("ok", "undrop_name_free", "…", { quarantine: tenant.schema, schema })];
    return keep(
      { ...plan, quarantined_as: tenant.schema, schema },
      {
        turn: tenant.schema,
        detail: schema,
        settle: () => {
          remove(quarantine, tenant);
          fleet.push({ ...tenant, schema, state: "active" });
        },
      },
    );
  }

  function planPurge({ tenant: name, older_than }: PurgeRequest): PurgePlan {
    const tenant = dropped(name);
    const { schema } = tenant;
    const age = (Date.now() - Date.parse(tenant.quarantined_at ?? "")) / 1000;
    const params = { schema, age: `${Math.floor(age)} seconds`, period: `${(older_than * 1000) / day} days` };
    const plan = planOf("purge", schema, tenant.name, ["87 objects"], [`drop schema "${schema}" restrict;`]);
    plan.checks = [
      age >= older_than
        ? check("ok", "purge_grace_over", "…", params)
        : check("stop", "purge_too_early", "…", params),
      check("ok", "purge_backup", "…", { path: tenant.backup ?? "" }),
      check("ok", "purge_batches", "…", { objects: "87", batches: "2", share: "1600" }),
    ];
    return keep(
      { ...plan, quarantined_as: schema, backup: tenant.backup ?? "", objects: 87, batches: 2 },
      { turn: schema, detail: tenant.backup, settle: () => remove(quarantine, tenant) },
    );
  }

  const checkOf = ({ schema, backup }: Quarantined, state: BackupCheck["state"]): BackupCheck => ({
    schema,
    path: backup ?? "",
    bytes: 48_000,
    state,
  });
  const planned =
    <T>(make: (request: T) => Plan): Command =>
    async ({ request }: { request: T }) => {
      await wait(250);
      return make(request);
    };

  return {
    /** What a run that has ended did to its tenant. */
    settle(summary: RunSummary): void {
      if (summary.done > 0) started.get(summary.run)?.settle(summary.run);
    },
    commands: {
      tenant_clone_plan: planned(planClone),
      tenant_clone_apply: apply,
      tenant_clone_remarks: () => [],
      tenant_drop_plan: planned(planDrop),
      tenant_drop_apply: apply,
      tenant_drop_result: ({ run }: { run: string }) => results.get(run) ?? null,
      tenant_undrop_plan: planned(planUndrop),
      tenant_undrop_apply: apply,
      tenant_purge_plan: planned(planPurge),
      tenant_purge_apply: apply,
      quarantine_list: async () => {
        await wait(60);
        return quarantine;
      },
      quarantine_backups: () => quarantine.map((one) => checkOf(one, "present")),
      quarantine_check: async ({ schema }: { schema: string }) => {
        await wait(400);
        return checkOf(dropped(schema), "verified");
      },
    } satisfies Record<string, Command>,
  };
}

function planOf(kind: Plan["kind"], schema: string, name: string, steps: string[], sql: string[]): Plan {
  return {
    id: crypto.randomUUID(),
    kind,
    tenants: [{ schema, name, steps, canary: false, skipped: null }],
    statements: [{ schema, tenants: 1, names: [schema], from: null, sql: sql.join("\n") }],
    checks: [],
    fingerprint: "b1946ac92492d2347c6235b4d2611184",
  };
}
