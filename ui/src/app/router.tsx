import type { QueryClient } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRouteWithContext,
  createRoute,
  createRouter,
  redirect,
} from "@tanstack/react-router";
import { AlertsPage } from "../alerts/AlertsPage";
import { connectionQueryOptions } from "../api/connection";
import { ArchivesPage } from "../backups/ArchivesPage";
import { WorkbookPage } from "../backups/WorkbookPage";
import { ComparePage } from "../compare/ComparePage";
import { ConnectScreen } from "../connect/ConnectScreen";
import { DoctorPage } from "../health/DoctorPage";
import { ActivityPage } from "../health/watch/ActivityPage";
import { QueriesPage } from "../health/watch/QueriesPage";
import { StoragePage } from "../health/watch/StoragePage";
import { JournalPage } from "../journal/JournalPage";
import { MigrationsPage } from "../migrations/MigrationsPage";
import { RunPage } from "../runs/RunPage";
import { RunsPage } from "../runs/RunsPage";
import { SettingsPage } from "../settings/SettingsPage";
import { StructurePage } from "../structure/StructurePage";
import { TenantPage } from "../tenant/TenantPage";
import { isTenantTab, type TenantTab } from "../tenant/tabs";
import { TenantsPlace } from "../tenants/TenantsPlace";
import { Frame } from "./frame/Frame";
import { OpenDatabase } from "./frame/OpenDatabase";

type Context = { client: QueryClient };

const root = createRootRouteWithContext<Context>()();
const connect = createRoute({ getParentRoute: () => root, path: "/", component: ConnectScreen });
const frame = createRoute({ getParentRoute: () => root, id: "frame", component: Frame });

/** Places that show the open database; without one they lead to the connections. */
const database = createRoute({
  getParentRoute: () => frame,
  id: "database",
  component: OpenDatabase,
  beforeLoad: ({ context }) => {
    if (!context.client.getQueryData(connectionQueryOptions().queryKey)) throw redirect({ to: "/" });
  },
});

const tenants = createRoute({
  getParentRoute: () => database,
  path: "/tenants",
  component: TenantsPlace,
  validateSearch: (search): { create?: boolean; quarantine?: boolean; adopt?: boolean } => ({
    adopt: search.adopt === true || undefined,
    create: search.create === true || undefined,
    quarantine: search.quarantine === true || undefined,
  }),
});
const tenant = createRoute({
  getParentRoute: () => database,
  path: "/tenants/$schema",
  component: TenantPage,
  validateSearch: (search): { tab?: TenantTab; table?: string } => ({
    tab: isTenantTab(search.tab) ? search.tab : undefined,
    table: typeof search.table === "string" ? search.table : undefined,
  }),
});
const migrations = createRoute({
  getParentRoute: () => database,
  path: "/migrations",
  component: MigrationsPage,
});
const compare = createRoute({ getParentRoute: () => database, path: "/compare", component: ComparePage });
const structure = createRoute({
  getParentRoute: () => database,
  path: "/compare/structure",
  component: StructurePage,
  validateSearch: (search): { reference?: string; tenant?: string } => ({
    reference: typeof search.reference === "string" ? search.reference : undefined,
    tenant: typeof search.tenant === "string" ? search.tenant : undefined,
  }),
});
const health = createRoute({ getParentRoute: () => database, path: "/health", component: DoctorPage });
const alerts = createRoute({ getParentRoute: () => database, path: "/health/alerts", component: AlertsPage });
const activity = createRoute({
  getParentRoute: () => database,
  path: "/health/activity",
  component: ActivityPage,
});
const queries = createRoute({
  getParentRoute: () => database,
  path: "/health/queries",
  component: QueriesPage,
});
const storage = createRoute({
  getParentRoute: () => database,
  path: "/health/storage",
  component: StoragePage,
});
// A workbook can be looked into, and the archives of a folder listed, without any database.
const backups = createRoute({
  getParentRoute: () => frame,
  path: "/backups",
  component: WorkbookPage,
  validateSearch: (search): { file?: string } => ({
    file: typeof search.file === "string" ? search.file : undefined,
  }),
});
const archives = createRoute({
  getParentRoute: () => frame,
  path: "/backups/archives",
  component: ArchivesPage,
});
const journal = createRoute({ getParentRoute: () => frame, path: "/journal", component: JournalPage });
const runs = createRoute({ getParentRoute: () => frame, path: "/journal/runs", component: RunsPage });
const run = createRoute({ getParentRoute: () => frame, path: "/journal/runs/$run", component: RunPage });
const settings = createRoute({ getParentRoute: () => frame, path: "/settings", component: SettingsPage });

const tree = root.addChildren([
  connect,
  frame.addChildren([
    database.addChildren([
      tenants,
      tenant,
      migrations,
      compare,
      structure,
      health,
      activity,
      queries,
      storage,
      alerts,
    ]),
    backups,
    archives,
    journal,
    runs,
    run,
    settings,
  ]),
]);

const placeKey = "cadastre.place";

/** Where the window opens: where it was before a reload, or the tenants, or the connections. */
export function firstPath(connected: boolean): string {
  if (!connected) return "/";
  return sessionStorage.getItem(placeKey) ?? "/tenants";
}

export function createWindowRouter(client: QueryClient, path: string) {
  const router = createRouter({
    routeTree: tree,
    history: createMemoryHistory({ initialEntries: [path] }),
    context: { client },
    defaultPreload: false,
  });
  router.subscribe("onResolved", ({ toLocation }) => {
    if (toLocation.pathname === "/") sessionStorage.removeItem(placeKey);
    else sessionStorage.setItem(placeKey, toLocation.href);
  });
  return router;
}

export type WindowRouter = ReturnType<typeof createWindowRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: WindowRouter;
  }
}
