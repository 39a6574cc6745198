import type { MigrateRequest, Plan, PlannedTenant, TenantSummary, WireError } from "../../api/types";
import { check, migrations } from "./plans";
import { refuse } from "./refuse";
import type { MockRun } from "./run";

type Steps = { tenant: TenantSummary; versions: number[]; skipped: WireError | null };

/** What migrating these tenants would do, up or down. */
export function planMigrate(id: string, request: MigrateRequest, fleet: readonly TenantSummary[]): Plan {
  const wanted = new Set(request.tenants);
  const tenants = fleet.filter((tenant) =>
    wanted.size === 0 ? tenant.version !== null : wanted.has(tenant.schema),
  );
  const steps = tenants.map((tenant) => ({
    tenant,
    ...(request.direction === "up" ? upSteps(tenant, request.to) : downSteps(tenant, request.to)),
  }));
  return made(id, request, steps);
}

/** What is left of a run, or its way back. */
export function planRevisit(
  id: string,
  way: "resume" | "undo",
  run: MockRun,
  request: MigrateRequest,
  fleet: readonly TenantSummary[],
): Plan {
  const up = (run.progress.kind === "migrate_up") === (way === "resume");
  const steps = run.outcomes.flatMap((one): Steps[] => {
    const tenant = fleet.find((candidate) => candidate.schema === one.schema);
    const planned = run.turns.find((turn) => turn.schema === one.schema)?.versions ?? one.versions;
    const wanted =
      way === "undo" ? one.versions.length > 0 : one.outcome !== "done" && one.outcome !== "skipped";
    if (!tenant || !wanted) return [];
    return [{ tenant, versions: way === "undo" ? [...one.versions].reverse() : planned, skipped: null }];
  });
  return made(id, { ...request, direction: up ? "up" : "down", canaries: 0 }, steps);
}

function upSteps(tenant: TenantSummary, to: number | null): Omit<Steps, "tenant"> {
  const versions = migrations.slice(tenant.version ?? 0, to ?? migrations.length).map((one) => one.version);
  return { versions, skipped: versions.length === 0 ? refuse("up_to_date") : null };
}

function downSteps(tenant: TenantSummary, to: number | null): Omit<Steps, "tenant"> {
  const present = tenant.version ?? 0;
  const versions = migrations.slice(to ?? Math.max(0, present - 1), present).map((one) => one.version);
  versions.reverse();
  if (versions.length === 0) return { versions, skipped: refuse("nothing_to_revert") };
  const without = versions.find((version) => migrations[version - 1]?.down === null);
  if (without !== undefined)
    return { versions: [], skipped: refuse("down_file_missing", { version: String(without) }) };
  return { versions, skipped: null };
}

function made(id: string, request: MigrateRequest, steps: readonly Steps[]): Plan {
  const up = request.direction === "up";
  const moving = steps.filter((one) => one.skipped === null);
  // The smallest tenants go first, as core chooses them.
  const canaries = new Set(
    [...moving]
      .sort((a, b) => a.tenant.size_bytes - b.tenant.size_bytes)
      .slice(0, request.canaries)
      .map((one) => one.tenant.schema),
  );
  const groups = new Map<string, Steps[]>();
  for (const one of moving) {
    const key = one.versions.join();
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return {
    id,
    kind: up ? "migrate_up" : "migrate_down",
    tenants: steps.map(
      ({ tenant, versions, skipped }): PlannedTenant => ({
        schema: tenant.schema,
        name: tenant.name,
        steps: skipped ? [] : versions.map(String),
        canary: canaries.has(tenant.schema),
        skipped,
      }),
    ),
    statements: [...groups.values()].map((members) => {
      const [{ tenant, versions } = { tenant: { schema: "", version: null }, versions: [] }] = members;
      const texts = versions
        .map((version) => migrations[version - 1])
        .map((one) => (up ? one?.up : one?.down));
      return {
        schema: tenant.schema,
        tenants: members.length,
        names: members.slice(0, 5).map((member) => member.tenant.schema),
        from: tenant.version === null ? null : String(tenant.version),
        sql: [
          "begin;",
          `set local lock_timeout = '${request.lock_timeout_ms}ms';`,
          `set local search_path = "${tenant.schema}";`,
          ...texts.filter((text) => typeof text === "string"),
          ...(up
            ? []
            : versions.map(
                (version) => `delete from "${tenant.schema}"."_sqlx_migrations" where version = ${version};`,
              )),
          "commit;",
        ].join("\n"),
      };
    }),
    checks: [
      check("ok", "checksums_equal", "What the tenants have applied equals the files.", {
        tenants: String(moving.length),
      }),
      ...(up
        ? [
            check("warning", "down_file_missing", "0005_portfolios.up.sql has no down file.", {
              file: "0005_portfolios.up.sql",
            }),
          ]
        : []),
    ],
    fingerprint: "59ca0efa9f5633cb0371bbc0355478d8",
  };
}
