import type {
  Check,
  CreateRequest,
  MigrateRequest,
  MigrationInfo,
  MigrationStatus,
  Plan,
  TenantSummary,
} from "../../api/types";
import { schemaNameOf } from "./fleet";
import { seedOf } from "./random";
import { refuse } from "./refuse";

const check = (
  level: Check["level"],
  code: string,
  message: string,
  params: Record<string, string> = {},
): Check => ({
  level,
  code,
  message,
  params,
});

export const migrations: MigrationInfo[] = [
  [
    "companies and users",
    "create table companies (\n  id serial primary key,\n  name varchar(255) not null\n);",
  ],
  ["consultants and skills", "create table consultants (\n  id serial primary key\n);"],
  ["tenders", "create table tenders (\n  id serial primary key\n);"],
  [
    "matches",
    "create table matches (\n  id serial primary key,\n  match_score double precision not null\n);",
  ],
  ["portfolios and collaborations", "create table skill_portfolios (\n  id serial primary key\n);"],
  ["indexes on foreign keys", "create index matches_consultant_id_idx on matches (consultant_id);"],
  ["profile picture", "alter table consultants\n  add column profile_picture_url varchar(255);"],
].map(([description = "", up = ""], index) => ({
  version: index + 1,
  description,
  checksum: seedOf(description).toString(16).padStart(8, "0").repeat(12),
  reversible: index !== 4,
  no_transaction: false,
  purpose: index === 6 ? "photo on the consultant's card" : null,
  impact: index === 6 ? "none on existing rows" : null,
  rollback: index === 6 ? "the column is dropped" : null,
  up,
  down: index === 4 ? null : `-- back from ${description}\n`,
}));

export function statusOf(fleet: readonly TenantSummary[]): MigrationStatus {
  return {
    migrations,
    tenants: fleet
      .filter((tenant) => tenant.version !== null)
      .map((tenant, index) => ({
        schema: tenant.schema,
        name: tenant.name,
        version: tenant.version,
        applied: migrations.slice(0, tenant.version ?? 0).map((migration) => migration.version),
        pending: migrations.slice(tenant.version ?? 0).map((migration) => migration.version),
        problem: index === 13 ? refuse("checksum_changed", { schema: tenant.schema, version: "3" }) : null,
        problem_version: index === 13 ? 3 : null,
      })),
  };
}

export function planCreate(id: string, request: CreateRequest, fleet: readonly TenantSummary[]): Plan {
  const schema = request.schema ?? schemaNameOf(request.name);
  const taken = fleet.find((tenant) => tenant.schema === schema);
  const steps = request.template ? migrations.map((migration) => String(migration.version)) : [];
  return {
    id,
    kind: "create",
    tenants: [{ schema, name: request.name, steps, canary: false, skipped: null }],
    statements: [{ schema, tenants: 1, sql: createSql(schema, request) }],
    checks: [
      taken
        ? check("stop", "schema_name_taken", `The schema ${schema} exists already.`, { schema })
        : check("ok", "schema_name_free", `The schema name ${schema} is free and needs no quotes.`, {
            schema,
          }),
      check("ok", "may_create", "cadastre_admin may create schemas in lycees.", {
        role: "cadastre_admin",
        database: "lycees",
      }),
      check("ok", "all_or_nothing", "Everything happens in one transaction: all of it or nothing."),
    ],
    fingerprint: "b1946ac92492d2347c6235b4d2611184",
  };
}

function createSql(schema: string, request: CreateRequest): string {
  const history =
    request.template === null
      ? []
      : migrations.flatMap((migration) => [
          `\n-- ${migration.version} ${migration.description}`,
          migration.up,
          `insert into "${schema}"."_sqlx_migrations" (version, description, success, checksum, execution_time)\nvalues (${migration.version}, '${migration.description}', true, '\\x${migration.checksum.slice(0, 16)}…', 0);`,
        ]);
  return [
    "begin;",
    "set local lock_timeout = '5s';",
    `create schema "${schema}";`,
    `comment on schema "${schema}" is '${request.name.replaceAll("'", "''")}';`,
    `set local search_path = "${schema}";`,
    ...history,
    "commit;",
  ].join("\n");
}

export function planMigrate(id: string, request: MigrateRequest, fleet: readonly TenantSummary[]): Plan {
  const wanted = new Set(request.tenants);
  const tenants = fleet.filter((tenant) =>
    wanted.size === 0 ? tenant.version !== null : wanted.has(tenant.schema),
  );
  const newest = request.to ?? migrations.length;
  const groups = new Map<number, TenantSummary[]>();
  for (const tenant of tenants) {
    const version = tenant.version ?? 0;
    if (version < newest) groups.set(version, [...(groups.get(version) ?? []), tenant]);
  }
  return {
    id,
    kind: "migrate_up",
    tenants: tenants.map((tenant) => ({
      schema: tenant.schema,
      name: tenant.name,
      steps: migrations.slice(tenant.version ?? 0, newest).map((migration) => String(migration.version)),
      canary: false,
      skipped: (tenant.version ?? 0) >= newest ? refuse("up_to_date") : null,
    })),
    statements: [...groups].map(([version, members]) => ({
      schema: members[0]?.schema ?? "",
      tenants: members.length,
      sql: [
        "begin;",
        `set local lock_timeout = '${request.lock_timeout_ms} ms';`,
        `set local search_path = "${members[0]?.schema}";`,
        ...migrations.slice(version, newest).map((migration) => migration.up),
        "commit;",
      ].join("\n"),
    })),
    checks: [
      check("ok", "checksums_equal", "What the tenants have applied equals the files.", {
        tenants: String(tenants.length),
      }),
      check("warning", "down_file_missing", "0005_portfolios.up.sql has no down file.", {
        file: "0005_portfolios.up.sql",
      }),
    ],
    fingerprint: "59ca0efa9f5633cb0371bbc0355478d8",
  };
}
