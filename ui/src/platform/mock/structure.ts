import type {
  Column,
  Constraint,
  EnumType,
  Index,
  Table,
  TableStructure,
  TenantSummary,
} from "../../api/types";
import { createRandom, seedOf } from "./random";

/** `name type` per column; `!` is NOT NULL, `*` the primary key, `>table` a foreign key, `=text` a default. */
const definitions: Record<string, string> = {
  collaborations:
    "id integer* | initiator_company_id integer! >companies | partner_company_id integer! >companies | status collaboration_status! | start_date date | end_date date | terms text | created_at timestamp_without_time_zone! =now() | updated_at timestamp_without_time_zone",
  companies:
    "id integer* | name character_varying(255)! | description text | website character_varying(255) | address character_varying(255) | city character_varying(100) | postal_code character_varying(20) | country character_varying(100) | is_active boolean =true | created_at timestamp_without_time_zone! =now() | updated_at timestamp_without_time_zone",
  consultant_skills:
    "id integer* | consultant_id integer! >consultants | skill_id integer! >skills | proficiency_level proficiency_level! | years_experience integer | details text | created_at timestamp_without_time_zone! =now() | updated_at timestamp_without_time_zone",
  consultants:
    "id integer* | user_id integer >users | company_id integer! >companies | title character_varying(255)! | experience_years integer | availability_status availability_status! | availability_date date | hourly_rate double_precision | daily_rate double_precision | bio text | location character_varying(255) | remote_work boolean =false | created_at timestamp_without_time_zone! =now() | updated_at timestamp_without_time_zone",
  matches:
    "id integer* | consultant_id integer! >consultants | tender_id integer! >tenders | match_score double_precision! | status match_status! | notes text | created_at timestamp_without_time_zone! =now() | updated_at timestamp_without_time_zone",
  resumes:
    "id integer* | consultant_id integer! >consultants | file_path character_varying(255)! | file_type character_varying(50)! | version integer =1 | extracted_data jsonb | created_at timestamp_without_time_zone! =now() | updated_at timestamp_without_time_zone",
  skill_portfolios:
    "id integer* | consultant_id integer! >consultants | tender_id integer! >tenders | file_path character_varying(255) | version integer =1 | status portfolio_status! | content text | generated_date timestamp_without_time_zone! | created_at timestamp_without_time_zone! =now()",
  skills:
    "id integer* | name character_varying(255)! | category skill_category! | description text | created_at timestamp_without_time_zone! =now() | updated_at timestamp_without_time_zone",
  tender_skills:
    "id integer* | tender_id integer! >tenders | skill_id integer! >skills | importance character_varying(50)! | details text | created_at timestamp_without_time_zone! =now()",
  tenders:
    "id integer* | company_id integer! >companies | title character_varying(255)! | client_name character_varying(255)! | description text! | start_date date | end_date date | status tender_status! | location character_varying(255) | remote_work boolean =false | budget double_precision | required_consultants integer =1 | created_at timestamp_without_time_zone! =now()",
  users:
    "id integer* | email character_varying(255)! | hashed_password character_varying(255)! | first_name character_varying(100)! | last_name character_varying(100)! | role user_role! | company_id integer >companies | is_active boolean =true | created_at timestamp_without_time_zone! =now() | updated_at timestamp_without_time_zone",
};

export const enums: EnumType[] = [
  { name: "availability_status", labels: ["available", "partially_available", "unavailable", "on_mission"] },
  { name: "collaboration_status", labels: ["pending", "active", "inactive"] },
  { name: "match_status", labels: ["suggested", "submitted", "accepted", "rejected"] },
  { name: "portfolio_status", labels: ["draft", "final"] },
  { name: "proficiency_level", labels: ["beginner", "intermediate", "advanced", "expert"] },
  {
    name: "skill_category",
    labels: [
      "programming_language",
      "framework",
      "database",
      "cloud",
      "devops",
      "methodology",
      "soft_skill",
      "other",
    ],
  },
  { name: "tender_status", labels: ["open", "in_progress", "closed", "cancelled"] },
  { name: "user_role", labels: ["admin", "manager", "recruiter", "sales", "consultant"] },
];

export const tableNames = Object.keys(definitions);
const shares = [0.01, 0.02, 0.24, 0.08, 0.28, 0.06, 0.05, 0.01, 0.12, 0.05, 0.08];

const categoryOf = (type: string): string => {
  if (/^(integer|bigint|double|numeric)/.test(type)) return "N";
  if (type === "boolean") return "B";
  if (/^(date|timestamp)/.test(type)) return "D";
  if (/^(character|text)/.test(type)) return "S";
  if (type === "jsonb") return "U";
  return "E";
};

export function columnsOf(table: string): Column[] {
  return (definitions[table] ?? "id integer*").split(" | ").map((line, index) => {
    const [name = "", spec = "", ...rest] = line.split(" ");
    const type = spec.replace(/[*!]/g, "").replaceAll("_without_time_zone", " without time zone");
    const dataType = type
      .replace("character_varying", "character varying")
      .replace("double_precision", "double precision");
    const primary = spec.endsWith("*");
    const fallback = rest.find((part) => part.startsWith("="))?.slice(1) ?? null;
    return {
      position: index + 1,
      name,
      data_type: dataType,
      type_oid: 23 + index,
      category: categoryOf(dataType),
      not_null: primary || spec.includes("!"),
      default: primary ? `nextval('${table}_id_seq'::regclass)` : fallback,
      primary_key: primary,
      comment: name === "hashed_password" ? "bcrypt, never shown" : null,
    };
  });
}

export function tablesOf(tenant: TenantSummary): Table[] {
  const random = createRandom(seedOf(tenant.schema));
  const names = tableNames.slice(0, tenant.tables);
  return names.map((name, index) => {
    const rows = Math.round(tenant.rows * (shares[index] ?? 0.02));
    const columns = columnsOf(name);
    const indexes = 1 + columns.filter((column) => column.name.endsWith("_id")).length;
    const index_bytes = 16_384 * indexes + rows * 22;
    return {
      oid: tenant.oid + index + 1,
      table: name,
      kind: "table",
      rows,
      rows_estimated: tenant.rows_estimated,
      size_bytes: 8192 + index_bytes + rows * random.between(90, 260),
      index_bytes,
      size_estimated: true,
      dead_rows: Math.round(rows * random.next() * 0.12),
      seq_scans: random.between(2, 4000),
      index_scans: random.between(0, 90_000),
      writes: Math.round(rows * (1 + random.next() * 3)),
      cache_hit: rows === 0 ? null : 0.92 + random.next() * 0.0799,
      last_vacuum: random.chance(0.2)
        ? null
        : new Date(Date.now() - random.between(1, 400) * 3_600_000).toISOString(),
      last_analyze: random.chance(0.1)
        ? null
        : new Date(Date.now() - random.between(1, 300) * 3_600_000).toISOString(),
      columns: columns.length,
      indexes,
      comment: name === "tenders" ? "Calls for tenders of the company's clients" : null,
    };
  });
}

export function structureOf(tenant: TenantSummary, name: string): TableStructure | null {
  const table = tablesOf(tenant).find((one) => one.table === name);
  if (!table) return null;
  const columns = columnsOf(name);
  const foreign = (definitions[name] ?? "")
    .split(" | ")
    .map((line) => line.split(" "))
    .flatMap(([column = "", , ...rest]) =>
      rest.filter((part) => part.startsWith(">")).map((part) => [column, part.slice(1)]),
    );
  const constraints: Constraint[] = [
    { name: `${name}_pkey`, kind: "p", definition: "PRIMARY KEY (id)", validated: true, references: null },
    ...(name === "users"
      ? [
          {
            name: "users_email_key",
            kind: "u",
            definition: "UNIQUE (email)",
            validated: true,
            references: null,
          },
        ]
      : []),
    ...foreign.map(([column = "", target = ""]) => ({
      name: `${name}_${column}_fkey`,
      kind: "f",
      definition: `FOREIGN KEY (${column}) REFERENCES ${target}(id)`,
      validated: true,
      references: target,
    })),
  ];
  const random = createRandom(seedOf(tenant.schema + name));
  const indexes: Index[] = constraints
    .filter((constraint) => constraint.kind !== "c")
    .map((constraint) => {
      const column = constraint.definition.replace(/^.*?\((\w+)\).*$/, "$1");
      const foreignKey = constraint.kind === "f";
      const indexName = foreignKey ? `${name}_${column}_idx` : constraint.name;
      return {
        name: indexName,
        definition: `CREATE ${foreignKey ? "" : "UNIQUE "}INDEX ${indexName} ON ${tenant.schema}.${name} USING btree (${column})`,
        unique: !foreignKey,
        primary: constraint.kind === "p",
        valid: true,
        size_bytes: 16_384 + table.rows * 22,
        scans: random.chance(0.2) ? 0 : random.between(3, 40_000),
      };
    });
  return { table, columns, constraints, indexes };
}
