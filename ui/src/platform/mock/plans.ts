import type {
  Check,
  CreateRequest,
  MigrationInfo,
  MigrationStatus,
  Plan,
  TenantSummary,
} from "../../api/types";
import { schemaNameOf } from "./fleet";
import { seedOf } from "./random";
import { refuse } from "./refuse";

export const check = (
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

const downs = [
  "drop table users;\ndrop table companies;",
  "drop table consultant_skills, skills, consultants;",
  "drop table tender_skills;\ndrop table tenders;",
  "drop table matches;",
  null,
  "drop index matches_consultant_id_idx;",
  "alter table consultants\n  drop column profile_picture_url;",
];

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
  down: downs[index] ?? null,
}));

export function statusOf(fleet: readonly TenantSummary[]): MigrationStatus {
  const changed = fleet.filter((tenant) => tenant.version !== null)[13];
  return {
    migrations,
    tenants: fleet.map((tenant) => ({
      schema: tenant.schema,
      name: tenant.name,
      has_history: tenant.version !== null,
      version: tenant.version,
      applied: migrations.slice(0, tenant.version ?? 0).map((migration) => migration.version),
      pending: migrations.slice(tenant.version ?? 0).map((migration) => migration.version),
      problem:
        tenant === changed ? refuse("checksum_changed", { schema: tenant.schema, version: "3" }) : null,
      problem_version: tenant === changed ? 3 : null,
      line_endings: [],
      invalid_indexes: [],
      place: null,
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
    statements: [{ schema, tenants: 1, names: [schema], from: null, sql: createSql(schema, request) }],
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
