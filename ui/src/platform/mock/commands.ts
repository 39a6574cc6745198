import type {
  CreateRequest,
  DemoEvent,
  ExportRequest,
  Figures,
  JournalEntry,
  JournalFilter,
  MigrateRequest,
  OpenConnection,
  Plan,
  Profile,
  ProfileEntry,
  RowQuery,
  RunEvent,
  RunSummary,
  Settings,
  TenantStats,
  TenantSummary,
} from "../../api/types";
import type { MockOptions } from "../mock";
import { createAdoption } from "./adoption";
import { createAlerts, usualThresholds } from "./alerts";
import { backupCommands } from "./backups";
import { found, newProfile, opened, sampleProfiles, testOf } from "./connections";
import { createDoctor } from "./doctor";
import { createFleet, newTenant, schemaNameOf } from "./fleet";
import { growthOf, historyOf, limitOf } from "./history";
import { sampleJournal } from "./journal";
import { createLife } from "./life";
import { createMaintain } from "./maintain";
import { createMisplaced } from "./misplaced";
import { samplePastRuns } from "./pastRuns";
import { planMigrate, planRevisit } from "./planMigrate";
import { planCreate, statusOf } from "./plans";
import { refuse } from "./refuse";
import { createRegistry } from "./registry";
import { rehearsalOf } from "./rehearsal";
import { countOf, pageOf } from "./rows";
import { createRuns } from "./runs";
import { classesOf, compareStructures } from "./shapes";
import { enums, structureOf, tablesOf } from "./structure";
import { createWatch } from "./watch";

/** A channel as a command gets it. */
type Listening<T> = { onmessage: (event: T) => void };
// biome-ignore lint/suspicious/noExplicitAny: arguments cross the bridge without types; each command knows its own
export type Command = (args: any) => unknown;

/** A plan that was made and not applied, and what it belongs to. */
type KeptPlan = {
  plan: Plan;
  created?: TenantSummary;
  request?: MigrateRequest;
  resumes?: string;
  undoes?: string;
};

/** How the runs of the record were asked for. */
const usualRequest: MigrateRequest = {
  source: "talentmatch",
  tenants: [],
  direction: "up",
  to: null,
  jobs: null,
  continue_on_error: true,
  lock_timeout_ms: 5000,
  retries: null,
  canaries: 0,
  ask_after_canaries: true,
  allow_drift: false,
};

/** Every command of the bridge, answered from memory. */
export function createCommands(options: MockOptions): Record<string, Command> {
  const wait = (milliseconds: number) =>
    new Promise((resolve) => setTimeout(resolve, milliseconds * options.pace));
  const fleet = createFleet(options.tenants);
  const profiles: ProfileEntry[] = options.profiles ? sampleProfiles() : [];
  const journal: JournalEntry[] = sampleJournal(fleet);
  const plans = new Map<string, KeptPlan>();
  const written = new Map<string, ExportRequest>();
  let demo = false;
  let settings: Settings = {
    language: options.language,
    scheme: options.scheme,
    dense: true,
    jobs: null,
    lock_timeout_ms: 5000,
    export_folder: null,
    backup_folder: null,
    client_folder: null,
    migration_source: null,
    thresholds: usualThresholds,
    tables: null,
  };
  let connection: OpenConnection | null = options.connected ? opened(firstProfile(options)) : null;
  const past = samplePastRuns(fleet, options.interrupted);
  const runs = createRuns(80 * options.pace, (summary) => settle(summary), past);

  const life = createLife({ fleet, runs: () => runs, wait });
  const registry = createRegistry({ fleet, runs: () => runs, wait });
  const misplaced = createMisplaced({ fleet, keep: registry.keep, wait });
  const doctor = createDoctor({ fleet, runs: () => runs, wait });
  const maintain = createMaintain({ fleet, runs: () => runs, wait });
  const watch = createWatch({ fleet, runs: () => runs, wait, readOnly: options.readOnly });

  function settle(summary: RunSummary): void {
    life.settle(summary);
    registry.settle(summary);
    misplaced.settle(summary);
    doctor.settle(summary);
    watch.settle(summary);
    if (summary.kind !== "migrate_up" && summary.kind !== "migrate_down") return;
    const up = summary.kind === "migrate_up";
    const moved = new Map(summary.tenants.map((one) => [one.schema, one.versions]));
    for (const tenant of fleet) {
      const versions = moved.get(tenant.schema) ?? [];
      if (versions.length === 0) continue;
      const version = up ? Math.max(...versions) : Math.min(...versions) - 1;
      Object.assign(tenant, { version, pending: 7 - version });
    }
  }

  const tenant = (schema: string): TenantSummary => {
    const one = fleet.find((candidate) => candidate.schema === schema);
    if (!one) throw refuse("tenant_missing", { name: schema });
    return one;
  };
  const plan = (made: Plan, more: Omit<KeptPlan, "plan"> = {}): Plan => {
    plans.set(made.id, { plan: made, ...more });
    return made;
  };
  const revisit = (way: "resume" | "undo", run: string): Plan => {
    const found = runs.find(run);
    const refused = way === "resume" ? "run_not_resumable" : "run_not_undoable";
    if (!/^migrate/.test(found.progress.kind))
      throw refuse(refused, { id: run, reason: "it changed no tenant" });
    const by = way === "undo" ? runs.undoneBy(run) : null;
    if (by) throw refuse(refused, { id: run, reason: `the run ${by} has undone it` });
    const made = planRevisit(crypto.randomUUID(), way, found, usualRequest, fleet);
    if (made.tenants.length === 0)
      throw refuse(refused, { id: run, reason: "every tenant has had its turn" });
    return plan(made, way === "resume" ? { resumes: run } : { undoes: run });
  };
  const planned = (id: string) => {
    const kept = plans.get(id);
    if (!kept) throw refuse("plan_missing", { id });
    return kept;
  };
  const tableRows = (query: RowQuery) =>
    tablesOf(tenant(query.schema)).find((table) => table.table === query.table)?.rows ?? 0;

  return {
    ...createAlerts({ fleet, thresholds: () => settings.thresholds }),
    ...doctor.commands,
    ...maintain.commands,
    ...watch.commands,
    ...life.commands,
    ...registry.commands,
    ...misplaced.commands,
    about: () => ({
      version: "0.1.0",
      home: "/home/alix/.local/share/cadastre",
      logs: "/home/alix/.local/state/cadastre",
    }),
    settings_get: () => settings,
    settings_set: ({ settings: next }: { settings: Settings }) => {
      settings = next;
      return null;
    },
    pick_folder: () => "/home/alix/Exports",
    pick_file: () => "/home/alix/.postgresql/root.crt",

    profile_list: () => profiles,
    profile_new: () => newProfile(),
    profile_discover: () => (options.profiles ? found() : []),
    profile_save: async ({ profile, password }: { profile: Profile; password: string | null }) => {
      await wait(120);
      if (profiles.some((entry) => entry.profile.name === profile.name && entry.profile.id !== profile.id))
        throw refuse("profile_exists", { name: profile.name });
      const at = profiles.findIndex((entry) => entry.profile.id === profile.id);
      const entry = {
        profile,
        has_password: password ? true : password === "" ? false : (profiles[at]?.has_password ?? false),
        used_at: profiles[at]?.used_at ?? null,
      };
      if (at >= 0) profiles[at] = entry;
      else profiles.push(entry);
      return null;
    },
    profile_remove: ({ id }: { id: string }) => {
      profiles.splice(
        profiles.findIndex((entry) => entry.profile.id === id),
        1,
      );
      return null;
    },
    profile_from_url: ({ url }: { url: string }) => fromUrl(url),
    profile_test: async ({ profile, password }: { profile: Profile; password: string | null }) => {
      await wait(500);
      return testOf(profile, password);
    },
    keyring_status: () => ({
      available: options.keyring === "ok",
      store: "Secret Service",
      reason:
        options.keyring === "ok"
          ? null
          : options.keyring === "locked"
            ? "the collection is locked"
            : "no Secret Service answers on the session bus",
    }),

    connection_current: () => connection,
    connect: async (to: { profileId: string; password: string | null; remember: boolean }) => {
      const { profileId, password, remember } = to;
      await wait(500);
      const entry = profiles.find((one) => one.profile.id === profileId);
      if (!entry) throw refuse("profile_missing", { name: profileId });
      const user = entry.profile.user;
      if (password === "wrong")
        throw refuse(
          "authentication_failed",
          { user },
          { sqlstate: "28P01", causes: [`password authentication failed for user "${user}"`] },
        );
      if (!entry.has_password && password === null) throw refuse("password_required", { user });
      if (password !== null && remember) entry.has_password = true;
      entry.used_at = new Date().toISOString();
      connection = opened(entry.profile);
      return connection;
    },
    disconnect: () => {
      connection = null;
      return null;
    },
    demo_status: () => ({
      running: demo,
      url: demo ? "postgres://demo@localhost:54330/demo" : null,
      tenants: 40,
    }),
    demo_start: async ({ events }: { events: Listening<DemoEvent> }) => {
      for (const step of ["searching", "initialising", "starting"] as const) {
        events.onmessage({ step });
        await wait(450);
      }
      for (let done = 0; done <= 40; done += 4) {
        events.onmessage({ step: "filling", done, total: 40 });
        await wait(160);
      }
      events.onmessage({ step: "ready" });
      demo = true;
      connection = opened(
        { ...newProfile(), name: "Demo", host: "/tmp/cadastre-demo", database: "demo", user: "demo" },
        true,
      );
      return connection;
    },
    demo_stop: () => {
      demo = false;
      connection = null;
      return null;
    },

    ...createAdoption(fleet, wait),
    tenant_list: async () => {
      await wait(140);
      return { tenants: fleet, duration_ms: 41 + Math.round(fleet.length / 90) };
    },
    tenant_sizes: async () => {
      await wait(1400);
      return fleet.map((one) => ({
        schema: one.schema,
        size_bytes: Math.round(one.size_bytes * 1.08) + 8192,
      }));
    },
    tenant_show: async ({ schema }: { schema: string }) => {
      await wait(120);
      const one = tenant(schema);
      return {
        ...one,
        tables: tablesOf(one),
        enums: one.template ? enums : [],
        entry: registry.entry(schema),
        source: null,
        modules: [],
        quotas: [],
        role: null,
        grants: ["cadastre_admin: USAGE, CREATE", "app_reader: USAGE"],
      };
    },
    table_show: async ({ schema, table }: { schema: string; table: string }) => {
      await wait(90);
      const structure = structureOf(tenant(schema), table);
      if (!structure) throw refuse("table_missing", { schema, table });
      return structure;
    },
    table_rows: async ({ query }: { query: RowQuery }) => {
      await wait(110);
      return pageOf(query, tableRows(query));
    },
    table_count: async ({ query }: { query: RowQuery }) => {
      await wait(700);
      return countOf(query, tableRows(query));
    },
    tenant_schema_name: ({ name }: { name: string }) => {
      const schema = schemaNameOf(name);
      if (!schema) throw refuse("schema_name_underivable", { name });
      return schema;
    },
    tenant_create_plan: async ({ request }: { request: CreateRequest }) => {
      await wait(250);
      const schema = request.schema ?? schemaNameOf(request.name);
      if (schema.startsWith("pg_")) throw refuse("schema_name_reserved", { name: schema });
      const id = crypto.randomUUID();
      return plan(planCreate(id, request, fleet), {
        created: newTenant(request.name, schema, request.template),
      });
    },
    tenant_create_apply: ({ plan: id }: { plan: string }) => {
      const { created } = planned(id);
      if (created) fleet.push(created);
      return runs.start({ kind: "create", turns: created ? [{ schema: created.schema, versions: [] }] : [] });
    },

    template_list: () => [
      {
        name: "ecommerce",
        title_en: "Online shop",
        title_fr: "Boutique en ligne",
        description_en:
          "Catalogue in several languages, stock, customers, orders with VAT, payments and shipments.",
        description_fr:
          "Catalogue en plusieurs langues, stock, clients, commandes avec TVA, paiements et expéditions.",
        migrations: 4,
        newest: 4,
      },
      {
        name: "health",
        title_en: "Health practice",
        title_fr: "Cabinet de santé",
        description_en:
          "Patients and consents, appointments, consultations, prescriptions, and who looked at which file.",
        description_fr:
          "Patients et consentements, rendez-vous, consultations, ordonnances et trace de chaque accès.",
        migrations: 4,
        newest: 4,
      },
      {
        name: "talentmatch",
        title_en: "TalentMatch: consulting firms",
        title_fr: "TalentMatch\u00a0: sociétés de conseil",
        description_en: "Consultants, their skills, tenders and matches between them.",
        description_fr: "Consultants, compétences, appels d’offres et correspondances.",
        migrations: 7,
        newest: 7,
      },
      {
        name: "school",
        title_en: "School",
        title_fr: "Établissement scolaire",
        description_en: "Pupils and families, classes, timetable, attendance and grades.",
        description_fr: "Élèves et familles, classes, emploi du temps, présences et notes.",
        migrations: 5,
        newest: 5,
      },
    ],
    migration_status: async () => {
      await wait(180);
      return statusOf(fleet);
    },
    migration_plan: async ({ request }: { request: MigrateRequest }) => {
      await wait(300);
      return plan(planMigrate(crypto.randomUUID(), request, fleet), { request });
    },
    migration_rehearse: async ({ plan: id }: { plan: string }) => {
      await wait(900);
      return rehearsalOf(planned(id).plan);
    },
    migration_apply: ({ plan: id }: { plan: string }) => {
      const { plan: made, request, resumes, undoes } = planned(id);
      plans.delete(id);
      const turns = [...made.tenants]
        .sort((a, b) => Number(b.canary) - Number(a.canary))
        .map((one, index) => ({
          schema: one.schema,
          versions: one.steps.map(Number),
          skipped: one.skipped ?? undefined,
          fails: !resumes && !undoes && one.skipped === null && index % 17 === 5,
        }));
      if (resumes) return runs.resume(resumes, turns);
      return runs.start({
        kind: made.kind,
        turns,
        canaries: made.tenants.filter((one) => one.canary).length,
        ask: request?.ask_after_canaries ?? false,
        undoes,
      });
    },

    stats: async ({ tenants, figures }: { tenants: string[]; figures: Figures }) => {
      await wait({ estimated: 120, exact_sizes: 600, exact: 900 }[figures]);
      return tenants.map((schema) => statsOf(tenant(schema), figures));
    },
    stats_snapshot: () => null,
    stats_history: ({ tenants }: { tenants: string[] }) =>
      tenants.map((schema) => historyOf(tenant(schema), limitOf(tenant(schema)))),
    stats_limits: () =>
      fleet.flatMap((one) => {
        const limit = limitOf(one);
        return limit === null ? [] : [{ schema: one.schema, storage_bytes: limit }];
      }),
    stats_growth: ({ days }: { days: number }) => growthOf(fleet, days),
    shape_classes: async ({ reference }: { reference: string | null }) => {
      await wait(900);
      if (reference !== null) tenant(reference);
      return classesOf(fleet, reference);
    },
    shape_compare: async ({ reference, tenant: other }: { reference: string; tenant: string }) => {
      await wait(250);
      return compareStructures(tenant(reference), tenant(other));
    },
    compare_export: () => "/home/alix/Exports/comparison.xlsx",
    export_start: ({ request }: { request: ExportRequest }) => {
      const id = runs.start({
        kind: "export",
        turns: request.tenants.map((schema) => ({ schema, versions: [] })),
        rowsExpected: request.tenants.length * 18_000,
      });
      written.set(id, request);
      return id;
    },
    export_files: ({ run }: { run: string }) =>
      (written.get(run)?.tenants ?? []).map((schema) => ({
        schema,
        format: written.get(run)?.format ?? "workbook",
        path: `${written.get(run)?.folder}/${schema}.xlsx`,
        bytes: 48_000 + tenant(schema).rows * 21,
        sheets: 11,
        tables: tablesOf(tenant(schema)).map((table) => ({
          table: table.table,
          rows: table.rows,
          digest: "",
        })),
        overflow_cells: 0,
        altered_cells: 0,
        verified: true,
      })),
    export_reveal: () => null,

    ...backupCommands({
      fleet,
      wait,
      readOnly: options.readOnly,
      keep: plan,
      planned: (id) => planned(id).plan,
      start: (kind, schemas) =>
        runs.start({ kind, turns: schemas.map((schema) => ({ schema, versions: [] })) }),
    }),

    run_active: () => runs.active(),
    run_attach: ({ run, events }: { run: string; events: Listening<RunEvent> }) => {
      runs.attach(run, (event) => events.onmessage(event));
      return null;
    },
    run_cancel: ({ run }: { run: string }) => {
      runs.cancel(run);
      return null;
    },
    run_pause: ({ run }: { run: string }) => {
      runs.pause(run);
      return null;
    },
    run_go_on: ({ run }: { run: string }) => {
      runs.goOn(run);
      return null;
    },
    run_resume_plan: async ({ run }: { run: string }) => {
      await wait(250);
      return revisit("resume", run);
    },
    run_undo_plan: async ({ run }: { run: string }) => {
      await wait(250);
      return revisit("undo", run);
    },
    run_list: () => runs.list(),
    run_show: ({ run }: { run: string }) => runs.show(run),
    // None of the pretended migrations runs a command.
    run_output: () => null,
    journal_list: async ({ filter }: { filter: JournalFilter }) => {
      await wait(60);
      return journalPage(journal, filter);
    },
  };
}

function firstProfile(options: MockOptions): Profile {
  const [first] = sampleProfiles();
  const profile = first?.profile ?? newProfile();
  return { ...profile, environment: options.environment, read_only: options.readOnly };
}

function journalPage(journal: readonly JournalEntry[], filter: JournalFilter): JournalEntry[] {
  const wanted = filter.search?.toLowerCase();
  return journal
    .filter((entry) => filter.before === null || entry.number < filter.before)
    .filter((entry) => !filter.operation || entry.operation === filter.operation)
    .filter((entry) => !filter.outcome || entry.outcome === filter.outcome)
    .filter(
      (entry) =>
        !wanted ||
        `${entry.subject} ${entry.person} ${entry.database} ${entry.detail}`.toLowerCase().includes(wanted),
    )
    .slice(0, filter.limit);
}

function fromUrl(url: string) {
  let address: URL;
  try {
    address = new URL(url.replace(/^postgres(ql)?:/, "http:"));
  } catch {
    throw refuse("url_invalid", { reason: "it has no host" });
  }
  if (!/^postgres(ql)?:\/\//.test(url))
    throw refuse("url_invalid", { reason: "it does not start with postgres://" });
  const mode = address.searchParams.get("sslmode") ?? "prefer";
  const database = address.pathname.slice(1) || "postgres";
  return {
    origin: "URL",
    has_password: address.password !== "",
    profile: {
      ...newProfile(),
      name: database,
      host: address.hostname,
      port: Number(address.port || 5432),
      database,
      user: address.username || "postgres",
      tls: { mode, root_certificate: null, client_certificate: null, client_key: null },
    },
  };
}

function statsOf(tenant: TenantSummary, figures: Figures): TenantStats {
  const exact = figures === "exact";
  const tables = tablesOf(tenant).map((table) => ({ ...table, rows_estimated: !exact }));
  const sum = (pick: (table: (typeof tables)[number]) => number) =>
    tables.reduce((total, table) => total + pick(table), 0);
  return {
    schema: tenant.schema,
    name: tenant.name,
    tables,
    totals: {
      tables: tables.length,
      rows: sum((table) => table.rows),
      rows_estimated: !exact,
      size_bytes: sum((table) => table.size_bytes),
      index_bytes: sum((table) => table.index_bytes),
      size_estimated: figures === "estimated",
      dead_rows: sum((table) => table.dead_rows),
      indexes: sum((table) => table.indexes),
      seq_scans: sum((table) => table.seq_scans),
      index_scans: sum((table) => table.index_scans),
      writes: sum((table) => table.writes),
      cache_hit: 0.987,
    },
  };
}
