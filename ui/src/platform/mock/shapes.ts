import type { StructureChange, StructureClasses, StructureComparison, TenantSummary } from "../../api/types";
import { seedOf } from "./random";
import { columnsOf } from "./structure";

/** What separates a tenant from the newest template: by its version, and what somebody did to a few by hand. */
function peculiarities(tenant: TenantSummary): string[] {
  if (tenant.template === null) return ["foreign"];
  const found: string[] = [];
  if ((tenant.pending ?? 0) >= 1) found.push("picture");
  if ((tenant.pending ?? 0) >= 2) found.push("index");
  if (seedOf(tenant.schema) % 19 === 3) found.push("manual");
  return found;
}

const change = (
  given: Partial<StructureChange> & Pick<StructureChange, "kind" | "name">,
): StructureChange => ({
  parent: null,
  change: "changed",
  property: null,
  before: null,
  after: null,
  ...given,
});

/** Seen from a tenant without any of them. */
const changesOf: Record<string, StructureChange[]> = {
  picture: [
    change({ kind: "column", parent: "consultants", name: "profile_picture_url", change: "removed" }),
  ],
  index: [change({ kind: "index", parent: "matches", name: "matches_consultant_id_idx", change: "removed" })],
  manual: [
    change({
      kind: "enum",
      name: "skill_category",
      property: "labels",
      before: "framework, database, cloud",
      after: "framework, database",
    }),
    change({ kind: "table", name: "backup_2025", change: "added" }),
    change({
      kind: "column",
      parent: "consultants",
      name: "daily_rate",
      property: "data_type",
      before: "double precision",
      after: "numeric(8,2)",
    }),
    change({ kind: "column", parent: "users", name: "email", property: "not_null", before: "not null" }),
    change({
      kind: "default",
      parent: "users",
      name: "is_active",
      property: "definition",
      before: "true",
      after: "false",
    }),
    change({
      kind: "function",
      name: "score(integer)",
      property: "body",
      before: "select match_score from matches where id = $1",
      after: "select coalesce(match_score, 0) from matches where id = $1",
    }),
    change({ kind: "policy", parent: "users", name: "own_company", change: "removed" }),
    change({ kind: "other", name: "collation french", change: "added" }),
  ],
  foreign: columnsOf("consultants").map((column) =>
    change({ kind: "column", parent: "consultants", name: column.name, change: "removed" }),
  ),
};

const fingerprintOf = (found: readonly string[]) => {
  const digits = seedOf(found.join(" ")).toString(16).padStart(8, "0");
  return `s1:${digits.repeat(8)}`;
};

const opposite = { added: "removed", removed: "added" } as Record<string, string>;

/** What the second has and the first has not, and the other way round. */
export function changesBetween(reference: TenantSummary, tenant: TenantSummary): StructureChange[] {
  const [left, right] = [peculiarities(reference), peculiarities(tenant)];
  return [
    ...right.filter((one) => !left.includes(one)).flatMap((one) => changesOf[one] ?? []),
    ...left
      .filter((one) => !right.includes(one))
      .flatMap((one) => changesOf[one] ?? [])
      .map((one) => ({
        ...one,
        change: opposite[one.change] ?? one.change,
        before: one.after,
        after: one.before,
      })),
  ];
}

export function classesOf(fleet: readonly TenantSummary[], reference: string | null): StructureClasses {
  const members = new Map<string, TenantSummary[]>();
  for (const tenant of fleet) {
    const fingerprint = fingerprintOf(peculiarities(tenant));
    members.set(fingerprint, [...(members.get(fingerprint) ?? []), tenant]);
  }
  const holds = (group: readonly TenantSummary[]) => group.some((tenant) => tenant.schema === reference);
  const groups = [...members].sort(
    ([, a], [, b]) => Number(holds(b)) - Number(holds(a)) || b.length - a.length,
  );
  const measure = groups[0]?.[1][0];
  return {
    classes: groups.map(([fingerprint, group], index) => {
      const changes = measure && group[0] ? changesBetween(measure, group[0]) : [];
      return {
        fingerprint,
        tenants: group.map((tenant) => tenant.schema),
        reference: index === 0,
        differences: changes.length,
        changes: changes.slice(0, 10),
      };
    }),
    reference: reference ?? measure?.schema ?? null,
    duration_ms: 180 + Math.round(fleet.length * 1.9),
  };
}

const sqlOf = (schema: string, { kind, parent, name, change: what, before }: StructureChange): string => {
  const table = `"${schema}"."${parent ?? name}"`;
  if (kind === "table") return what === "added" ? `drop table ${table}` : `create table ${table} ()`;
  if (kind === "column" && what === "removed") return `alter table ${table} add column "${name}" text`;
  if (kind === "column" && what === "added") return `alter table ${table} drop column "${name}"`;
  if (kind === "column")
    return `alter table ${table} alter column "${name}" set data type ${before ?? "text"}`;
  return `comment on schema "${schema}" is 'what ${kind} ${name} asks for'`;
};

export function compareStructures(reference: TenantSummary, tenant: TenantSummary): StructureComparison {
  const changes = changesBetween(reference, tenant);
  const repaired = changes.filter((one) => one.kind !== "other");
  const steps = repaired.map((one) => ({
    one,
    step: { object: `${one.kind} ${one.name}`, sql: sqlOf(tenant.schema, one) },
  }));
  const lines = steps.map(({ step }) => `${step.sql};\n`).join("");
  return {
    reference: fingerprintOf(peculiarities(reference)),
    other: fingerprintOf(peculiarities(tenant)),
    changes,
    sql:
      steps.length === 0
        ? ""
        : `begin;\nset local search_path = pg_catalog, pg_temp;\nset local check_function_bodies = off;\n${lines}commit;\n`,
    statements: steps.length,
    destructive: steps.filter(({ one }) => one.change === "added").map(({ step }) => step),
    rewrites: steps.filter(({ one }) => one.property === "data_type").map(({ step }) => step),
    unrepaired: changes.filter((one) => one.kind === "other"),
  };
}
