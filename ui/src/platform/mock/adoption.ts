import type {
  AdoptionPicture,
  RecognisedRegistry,
  SchemaLine,
  TenantRules,
  TenantSummary,
} from "../../api/types";
import type { Command } from "./commands";
import { refuse } from "./refuse";

const noRules: TenantRules = {
  include: [],
  exclude: [],
  query: null,
  registry: { choice: "auto" },
  registered_only: false,
};

const registry = (matched: number): RecognisedRegistry => ({
  kind: "django_tenants",
  table: "public.customers_client",
  domains_table: "public.customers_domain",
  confidence: "certain",
  evidence: [
    { code: "columns", params: { table: "public.customers_client", columns: "schema_name, name" } },
    { code: "domains", params: { table: "public.customers_domain", column: "tenant_id" } },
    { code: "rows", params: { rows: matched + 1, matched } },
    { code: "shared_row", params: { schema: "public" } },
  ],
});

/** Which of the pretended schemas are tenants: a registry knows all of them but the last, and one that is not there. */
export function createAdoption(
  fleet: TenantSummary[],
  wait: (milliseconds: number) => Promise<unknown>,
): Record<string, Command> {
  let saved: TenantRules | null = null;
  const look = (rules: TenantRules): AdoptionPicture => {
    const unknown = fleet.at(-1)?.schema;
    const lines = fleet.map((tenant): SchemaLine => {
      const named = tenant.schema !== unknown && rules.registry.choice !== "none";
      return {
        schema: tenant.schema,
        name: tenant.name,
        state: tenant.state,
        domains: named ? [`${tenant.schema.replaceAll("_", "-")}.example.org`] : [],
        tables: tenant.tables,
        alike: tenant.template ? 0 : 1,
        registry: named ? "django_tenants" : null,
        reason: verdict(rules, tenant.schema, named),
      };
    });
    const is = (line: SchemaLine) => ["registered", "holds_tables"].includes(line.reason.code);
    const tenants = lines.filter(is);
    const read = rules.registry.choice !== "none";
    return {
      rules,
      saved: saved !== null,
      tenants,
      left_out: [...lines.filter((line) => !is(line)), shared],
      own_entries: null,
      registry: read ? registry(fleet.length - 1) : null,
      others: read ? [] : [registry(fleet.length - 1)],
      registry_only: read
        ? [
            {
              schema: "ghost",
              name: "Ghost & Sons",
              domains: ["ghost.example.org"],
              tables: 0,
              differs_in_case: null,
            },
          ]
        : [],
      schema_only: read
        ? tenants
            .filter((line) => line.registry === null)
            .map(({ schema, name, tables }) => ({ schema, name, tables, domains: [], differs_in_case: null }))
        : [],
      alike: [
        { tables: 11, schemas: fleet.length - 1, example: fleet[0]?.schema ?? "" },
        { tables: 3, schemas: 1, example: unknown ?? "" },
      ],
      conventions: [{ framework: "Django", table: "django_migrations", schemas: fleet.length }],
      suggestions:
        fleet.length < 3 ? [] : [{ kind: "prefix", patterns: ["lycee_*"], schemas: 3 }, ...sharedLookups],
      duration_ms: 38,
    };
  };
  return {
    adoption_look: async ({ rules }: { rules: TenantRules | null }) => {
      await wait(160);
      if (rules?.include.some((pattern) => pattern.trim() === ""))
        throw refuse("rules_invalid", { reason: "a pattern is empty" });
      return look(rules ?? saved ?? noRules);
    },
    adoption_save: async ({ rules }: { rules: TenantRules }) => {
      await wait(60);
      saved = rules;
      return null;
    },
    adoption_forget: async () => {
      await wait(60);
      saved = null;
      return null;
    },
  };
}

/** As core decides it. */
function verdict(rules: TenantRules, schema: string, named: boolean): SchemaLine["reason"] {
  const pattern = rules.exclude.find((one) => fits(one, schema));
  if (pattern) return { code: "excluded", params: { pattern } };
  if (rules.registered_only && !named) return { code: "not_registered" };
  if (rules.include.length > 0 && !rules.include.some((one) => fits(one, schema)))
    return { code: "not_included" };
  return { code: named ? "registered" : "holds_tables" };
}

const shared: SchemaLine = {
  schema: "public",
  name: "public",
  state: "active",
  domains: [],
  tables: 4,
  alike: null,
  registry: null,
  reason: { code: "public" },
};

const sharedLookups: AdoptionPicture["suggestions"] = [
  { kind: "shared", patterns: ["lookups"], schemas: 12 },
];

/** `*` and `?` as core reads them. */
function fits(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(text);
}
