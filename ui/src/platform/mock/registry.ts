import type {
  DeactivateRequest,
  EditRequest,
  Plan,
  Registration,
  RegistryStatus,
  RenameRequest,
  RunSummary,
  TenantSummary,
} from "../../api/types";
import type { Command } from "./commands";
import { schemaNameOf } from "./fleet";
import { check } from "./plans";
import { refuse } from "./refuse";
import type { MockRuns } from "./runs";

type Kept = { plan: Plan; settle: () => void };

type Tools = {
  fleet: TenantSummary[];
  runs: () => MockRuns;
  wait: (milliseconds: number) => Promise<unknown>;
};

/** Tenants are closed, opened, renamed, and known to a registry that can be installed. */
export function createRegistry({ fleet, runs, wait }: Tools) {
  const plans = new Map<string, Kept>();
  const started = new Map<string, Kept>();
  const entries = new Map<string, Registration>();
  const status: RegistryStatus = {
    installed: false,
    readable: false,
    writable: false,
    version: null,
    pending: 0,
    newer: false,
    tenants: 0,
    routing: [],
  };

  const find = (schema: string): TenantSummary => {
    const tenant = fleet.find((one) => one.schema === schema);
    if (!tenant) throw refuse("tenant_missing", { name: schema });
    return tenant;
  };
  const keep = (kind: Plan["kind"], tenants: Plan["tenants"], sql: string[], settle: () => void): Plan => {
    const plan: Plan = {
      id: crypto.randomUUID(),
      kind,
      tenants,
      statements: tenants
        .filter((tenant) => tenant.skipped === null)
        .map(({ schema }, index) => ({
          schema,
          tenants: 1,
          names: [schema],
          from: null,
          sql: sql[index] ?? sql[0] ?? "",
        })),
      checks: [],
      fingerprint: "457854ec3140fa8a27cc0d29009c712322b6deb6ee46efb296feca5f0b1a563f",
    };
    plans.set(plan.id, { plan, settle });
    return plan;
  };
  const line = ({ schema, name }: TenantSummary, steps: string[] = []) => ({
    schema,
    name,
    steps,
    canary: false,
    skipped: null,
  });

  function deactivate({ tenants, end_sessions, keep_login }: DeactivateRequest): Plan {
    const meant = tenants.map(find);
    const plan = keep(
      "deactivate",
      meant.map((tenant) => line(tenant, keep_login ? [] : [`${tenant.schema}_app`])),
      meant.map(
        ({ schema }) => `begin;\nrevoke all on schema "${schema}" from "${schema}_app" cascade;\ncommit;`,
      ),
      () => {
        for (const tenant of meant) tenant.state = "inactive";
      },
    );
    const role = `${meant[0]?.schema}_app`;
    plan.checks = [
      check("warning", end_sessions ? "sessions_ended" : "sessions_stay", "…", { role, sessions: "2" }),
      check("ok", "deactivate_reversible", "…"),
    ];
    return plan;
  }

  function activate(tenants: string[]): Plan {
    const meant = tenants.map(find);
    const plan = keep(
      "activate",
      meant.map((tenant) => line(tenant, [`${tenant.schema}_app`])),
      meant.map(({ schema }) => `begin;\ngrant usage on schema "${schema}" to "${schema}_app";\ncommit;`),
      () => {
        for (const tenant of meant) tenant.state = "active";
      },
    );
    plan.checks = [check("ok", "activate_exact", "…")];
    return plan;
  }

  function rename({ tenant: schema, name, schema: other }: RenameRequest): Plan {
    const tenant = find(schema);
    if (other === null && name === tenant.name) throw refuse("nothing_pending");
    if (other !== null && schemaNameOf(other) !== other) {
      throw refuse("schema_name_characters", { name: other, character: "a space" });
    }
    const plan = keep(
      "rename",
      [line(tenant, [name])],
      [`begin;\ncomment on schema "${schema}" is '${name}';\ncommit;`],
      () => {
        tenant.name = name;
        tenant.schema = other ?? schema;
      },
    );
    plan.checks = [check("ok", "all_or_nothing", "…")];
    return plan;
  }

  function set({ tenants, request }: { tenants: string[]; request: EditRequest }): Plan {
    const [tenant] = tenants.map(find);
    if (!tenant) throw refuse("nothing_selected");
    const email = request.fields.find(([field]) => field === "email")?.[1];
    if (email !== undefined && email !== "" && !email.includes("@")) {
      throw refuse("registry_value_invalid", {
        field: "email",
        value: email,
        reason: "it is no e-mail address",
      });
    }
    const steps = request.fields.map(([field, value]) => `${field}: ${value}`);
    const plan = keep("set", [line(tenant, steps)], ["begin;\nupdate cadastre.tenant …;\ncommit;"], () => {
      const before = entries.get(tenant.schema) ?? newEntry(tenant);
      const fields = new Map(request.fields);
      entries.set(tenant.schema, {
        ...before,
        revision: before.revision + 1,
        identity: { ...before.identity, city: fields.get("city") ?? before.identity.city },
        domains: [
          ...before.domains,
          ...request.add_domains.map((domain, index) => ({
            domain,
            primary: before.domains.length === 0 && index === 0,
            active: true,
          })),
        ],
      });
    });
    plan.checks = [check("ok", "set_versioned", "…")];
    return plan;
  }

  const planned =
    <T>(make: (request: T) => Plan): Command =>
    async ({ request }: { request: T }) => {
      await wait(200);
      return make(request);
    };

  return {
    entry: (schema: string) => entries.get(schema) ?? null,
    keep,
    /** What a run that has ended did. */
    settle(summary: RunSummary): void {
      if (summary.done > 0) started.get(summary.run)?.settle();
    },
    commands: {
      tenant_deactivate_plan: planned(deactivate),
      tenant_activate_plan: async ({ tenants }: { tenants: string[] }) => {
        await wait(200);
        return activate(tenants);
      },
      tenant_rename_plan: planned(rename),
      tenant_set_plan: async (request: { tenants: string[]; request: EditRequest }) => {
        await wait(200);
        return set(request);
      },
      registry_install_plan: () => {
        const one = {
          schema: "cadastre",
          name: "cadastre",
          steps: ["20260401090000"],
          canary: false,
          skipped: null,
        };
        const plan = keep("install_registry", [one], ['begin;\ncreate schema "cadastre";\n…'], () => {
          Object.assign(status, { installed: true, readable: true, writable: true, version: 20260401090000 });
        });
        plan.checks = [check("ok", "registry_all_or_nothing", "…")];
        return plan;
      },
      life_apply: ({ plan: id }: { plan: string }) => {
        const kept = plans.get(id);
        if (!kept) throw refuse("plan_missing", { id });
        plans.delete(id);
        const turns = kept.plan.tenants.map(({ schema }) => ({ schema, versions: [], detail: null }));
        const run = runs().start({ kind: kept.plan.kind, turns });
        started.set(run, kept);
        return run;
      },
      registry_status: () => status,
      registry_history: ({ schema }: { schema: string }) =>
        entries.has(schema)
          ? [
              {
                number: 1,
                at: new Date().toISOString(),
                object: "tenant",
                role: "postgres",
                person: "alix@desk",
                changes: [{ field: "city", before: null, after: entries.get(schema)?.identity.city ?? null }],
              },
            ]
          : [],
      tenant_connection: ({ schema }: { schema: string }) => ({
        role: schema,
        search_path: `${schema},public`,
        url: `postgresql://${schema}@db.example:5432/lycees?options=-csearch_path%3D${schema}%2Cpublic`,
        sqlalchemy: "from sqlalchemy import create_engine\n",
        django: "DATABASES = {}\n",
        lookup: "select cadastre.tenant_for_domain('host.example');",
      }),
      tenant_list_pick: () => "/home/alix/rentrée 2026.csv",
      registry_image_pick: () => "/home/alix/logo.png",
    } satisfies Record<string, Command>,
  };
}

function newEntry(tenant: TenantSummary): Registration {
  return {
    id: 1,
    schema: tenant.schema,
    name: tenant.name,
    state: "active",
    template: tenant.template,
    role: null,
    identity: {
      kind: null,
      email: null,
      phone: null,
      address: null,
      postal_code: null,
      city: null,
      primary_color: null,
      secondary_color: null,
      notes: null,
    },
    domains: [],
    modules: [],
    quotas: { people: 1000, storage_bytes: 50 * 2 ** 30 },
    fields: {},
    images: [],
    revision: 0,
    changed_at: new Date().toISOString(),
  };
}
