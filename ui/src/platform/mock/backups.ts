import type {
  Archive,
  BackupRequest,
  Plan,
  RestoreRequest,
  TenantComparison,
  TenantSummary,
  WorkbookCard,
  WorkbookCheck,
} from "../../api/types";
import type { Command } from "./commands";
import { check } from "./plans";
import { refuse } from "./refuse";
import { tablesOf } from "./structure";

type Listening<T> = { onmessage: (event: T) => void };

/** What the commands of this place need of the others. */
type Around = {
  fleet: TenantSummary[];
  wait: (milliseconds: number) => Promise<unknown>;
  readOnly: boolean;
  keep: (plan: Plan) => Plan;
  planned: (id: string) => Plan;
  start: (kind: Plan["kind"], schemas: readonly string[]) => string;
};

/** Files whose names say what became of them: `…-edited.xlsx`, `…-saved.xlsx`, `…-damaged.xlsx`. */
export const workbookOf = (path: string, tenant: TenantSummary): WorkbookCard => ({
  path,
  bytes: 4_812_345,
  schema: tenant.schema,
  tenant: tenant.name,
  created: "2026-03-04T08:15:00Z",
  created_by: "alix",
  program: "Cadastre 0.1.0",
  database: "lycees @ edu-prod.example:5432",
  server_version: "16.4",
  version: tenant.version === null ? null : String(tenant.version),
  template: tenant.template,
  partial: false,
  saved_by_another_program: /edited|saved/.test(path),
  tables: tablesOf(tenant).map(({ table, rows }) => ({ table, rows, restorable: true })),
  omitted: [{ name: "active_consultants", kind: "view" }],
});

export function checkOf(card: WorkbookCard): WorkbookCheck {
  const edited = card.path.includes("edited");
  const damaged = card.path.includes("damaged");
  const [first] = card.tables;
  const changed =
    edited && first
      ? [
          { sheet: first.table, row: 7, what: "a cell was changed" },
          {
            sheet: first.table,
            row: 12,
            what: "2 rows were added to this sheet; the first difference is here",
          },
        ]
      : damaged && first
        ? [{ sheet: first.table, row: 112, what: "the checksum of a part differs" }]
        : [];
  return {
    path: card.path,
    schema: card.schema,
    tenant: card.tenant,
    created: card.created,
    version: card.version,
    template: card.template,
    saved_by_another_program: card.saved_by_another_program,
    intact: changed.length === 0 && !card.saved_by_another_program,
    tables: card.tables.map((table, index) => ({
      table: table.table,
      rows: table.rows,
      digest: "7c1f",
      equal: index > 0 || changed.length === 0,
      changed: index === 0 ? changed : [],
    })),
    problems: [],
  };
}

export const sampleArchives = (folder: string, fleet: readonly TenantSummary[]): Archive[] =>
  fleet.slice(0, 4).map((tenant, index) => ({
    id: `${tenant.schema}-20260304T0815${index}0Z-4f2a`,
    path: `${folder}/${tenant.schema}-20260304T0815${index}0Z-4f2a.dump`,
    kind: "archive",
    tenants: index === 3 ? [] : [tenant.schema],
    name: index === 3 ? "" : tenant.name,
    created: index === 3 ? "" : new Date(Date.now() - index * 26 * 3_600_000).toISOString(),
    database: index === 3 ? "" : "lycees @ edu-prod.example:5432",
    bytes: 812_345 + index * 64_000,
    rows: index === 3 ? 0 : tenant.rows,
    verified: index === 0,
    problem:
      index === 3 ? refuse("manifest_missing", { path: `${folder}/${tenant.schema}-20260304.dump` }) : null,
  }));

const planOf = (kind: Plan["kind"], tenants: Plan["tenants"], sql: string, checks: Plan["checks"]): Plan => ({
  id: crypto.randomUUID(),
  kind,
  tenants,
  statements: tenants
    .slice(0, 1)
    .map(({ schema }) => ({ schema, tenants: tenants.length, names: [schema], from: null, sql })),
  checks,
  fingerprint: "f",
});

/** The commands of the place "backups", answered from memory. */
export function backupCommands({
  fleet,
  wait,
  readOnly,
  keep,
  planned,
  start,
}: Around): Record<string, Command> {
  const writable = () => {
    if (readOnly) throw refuse("read_only", { action: "restore" });
  };
  const cardOf = (path: string) => {
    const tenant = fleet.find(({ schema }) => path.includes(schema)) ?? fleet[0];
    if (!tenant || path.includes("foreign"))
      throw refuse("workbook_foreign", {
        path,
        reason: "it has no sheet _manifest, so Cadastre did not write it",
      });
    return workbookOf(path, tenant);
  };
  let verifying: (() => void) | null = null;
  return {
    workbook_pick: () => `/home/alix/Exports/${fleet[0]?.schema}.xlsx`,
    workbook_open: ({ path }: { path: string }) => cardOf(path),
    workbook_verify: async ({ path, rows }: { path: string; rows: Listening<number> }) => {
      const card = cardOf(path);
      const all = card.tables.reduce((sum, table) => sum + table.rows, 0);
      let cancelled = false;
      verifying = () => {
        cancelled = true;
      };
      for (let part = 1; part <= 5; part += 1) {
        await wait(300);
        if (cancelled) throw refuse("cancelled");
        rows.onmessage(Math.round((all * part) / 5));
      }
      return checkOf(card);
    },
    workbook_compare: async ({
      path,
      schema,
    }: {
      path: string;
      schema: string;
    }): Promise<TenantComparison> => {
      await wait(700);
      const card = cardOf(path);
      return {
        schema,
        same_structure: true,
        new_tables: [],
        tables: card.tables.map((table, index) => ({
          table: table.table,
          rows: table.rows,
          digest: "7c1f",
          rows_now: index === 1 ? table.rows + 3 : table.rows,
          equal: index !== 1,
        })),
      };
    },
    read_cancel: () => {
      verifying?.();
      return null;
    },
    workbook_restore_plan: async ({ request }: { request: RestoreRequest }) => {
      writable();
      await wait(400);
      const card = cardOf(request.path);
      const into = fleet.find((tenant) => tenant.schema === request.into);
      const schema =
        into?.schema ??
        request.schema ??
        request.name
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, "_")
          .replace(/_$/, "");
      if (!into && fleet.some((tenant) => tenant.schema === schema))
        throw refuse("schema_name_taken", { name: schema, existing: schema });
      const intact = checkOf(card).intact;
      const named = new Set(request.tables);
      return keep(
        planOf(
          "restore",
          [
            {
              schema,
              name: into?.name ?? request.name,
              steps: card.tables
                .map(({ table }) => table)
                .filter((table) => named.size === 0 || named.has(table)),
              canary: false,
              skipped: null,
            },
          ],
          into ? `lock table only "${schema}"."companies";\n` : `create schema "${schema}";\n`,
          [
            ...(request.template
              ? [
                  check("ok", "template_makes", "…", {
                    template: request.template,
                    version: card.version ?? "",
                  }),
                  check("ok", "template_compared", "…"),
                ]
              : []),
            intact
              ? check("ok", "workbook_intact", "The file holds exactly what was written.")
              : check(request.accept_edited ? "warning" : "stop", "workbook_edited", "…", {
                  reason: "sheet companies, row 7: a cell was changed",
                }),
            check("ok", "all_or_nothing", "Everything happens in one transaction: all of it or nothing."),
          ],
        ),
      );
    },
    workbook_restore_apply: ({ plan }: { plan: string }) =>
      start(
        "restore",
        planned(plan).tenants.map(({ schema }) => schema),
      ),
    workbook_restore_report: () => {
      const [tenant] = fleet;
      if (!tenant) return null;
      return {
        schema: `${tenant.schema}_restored`,
        tables: tablesOf(tenant).map(({ table, rows }) => ({ table, rows, digest: "7c1f", equal: true })),
        remarks: [],
      };
    },

    backup_client: () => ({ version: "16.4", folder: "/usr/lib/postgresql/16/bin" }),
    backup_list: async ({ folder }: { folder: string }) => {
      await wait(80);
      return folder.includes("empty") ? [] : sampleArchives(folder, fleet);
    },
    backup_create_plan: async ({ request, tenants }: { request: BackupRequest; tenants: string[] }) => {
      await wait(250);
      return keep(
        planOf(
          "backup",
          tenants.map((schema) => ({
            schema,
            name: fleet.find((one) => one.schema === schema)?.name ?? schema,
            steps: [`${schema}-20260304T081500Z-4f2a.dump`],
            canary: false,
            skipped: null,
          })),
          `PGHOST=edu-prod.example /usr/lib/postgresql/16/bin/pg_dump --format=custom --schema='"${tenants[0]}"' --snapshot='<snapshot>'`,
          [
            check("ok", "client_found", "…", { version: "16.4", folder: "/usr/lib/postgresql/16/bin" }),
            check("ok", "folder_writable", "…", { folder: request.folder }),
            ...(request.verify ? [] : [check("warning", "not_verified", "…")]),
          ],
        ),
      );
    },
    backup_create_apply: ({ plan }: { plan: string }) =>
      start(
        "backup",
        planned(plan).tenants.map(({ schema }) => schema),
      ),
    backup_files: () => sampleArchives("/home/alix/Exports", fleet).slice(0, 1),
    backup_verify_plan: async ({ path }: { path: string }) => {
      writable();
      return keep(returnPlan("verify_backup", path, fleet, null));
    },
    backup_restore_plan: async ({ path, name }: { path: string; name: string | null }) => {
      writable();
      await wait(300);
      return keep(returnPlan("restore", path, fleet, name));
    },
    backup_return_apply: ({ plan }: { plan: string }) => {
      const made = planned(plan);
      return start(
        made.kind,
        made.tenants.map(({ schema }) => schema),
      );
    },
    backup_report: () => null,
    backup_reveal: () => null,
  };
}

function returnPlan(
  kind: "restore" | "verify_backup",
  path: string,
  fleet: readonly TenantSummary[],
  name: string | null,
): Plan {
  const tenant = fleet.find(({ schema }) => path.includes(schema));
  const schema = name?.toLowerCase().replace(/[^a-z0-9]+/g, "_") ?? tenant?.schema ?? "";
  return planOf(
    kind,
    [{ schema, name: name ?? tenant?.name ?? schema, steps: [path], canary: false, skipped: null }],
    `begin;\n-- what this writes: pg_restore ${path}\n${kind === "restore" ? "commit" : "rollback"};`,
    [check("ok", "client_found", "…", { version: "16.4", folder: "/usr/lib/postgresql/16/bin" })],
  );
}
