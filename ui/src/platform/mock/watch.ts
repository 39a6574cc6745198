import type {
  Activity,
  IndexClass,
  QueryFigures,
  RunSummary,
  SessionActivity,
  SignalPlan,
  SignalRequest,
  SlowQueries,
  Storage,
  TableStorage,
  TenantSummary,
} from "../../api/types";
import type { Command } from "./commands";
import { check } from "./plans";
import { refuse } from "./refuse";
import type { createRuns } from "./runs";

type Surroundings = {
  fleet: TenantSummary[];
  runs: () => ReturnType<typeof createRuns>;
  wait: (milliseconds: number) => Promise<unknown>;
  readOnly: boolean;
};

/** A pretended server with sessions that block each other, statements that were counted and indexes that nobody uses. */
export function createWatch({ fleet, runs, wait, readOnly }: Surroundings) {
  const schema = (index: number) => fleet[index]?.schema ?? `tenant_${index}`;
  let sessions = sampleSessions(schema);
  const plans = new Map<string, { plan: SignalPlan; run?: string }>();

  function activity(): Activity {
    const here = new Set(sessions.map((one) => one.pid));
    for (const one of sessions) one.blocked_by = one.blocked_by.filter((pid) => here.has(pid));
    const holder = sessions.find((one) => one.pid === 4711);
    const waiting = sessions.filter((one) => one.blocked_by.length > 0);
    return {
      at: new Date().toISOString(),
      sessions: sessions.map((one) => ({ ...one, wait: one.blocked_by.length > 0 ? one.wait : null })),
      tenants: [0, 1, 2].map((index) => ({
        schema: schema(index),
        sessions: sessions.filter((one) => one.tenants.some((tenant) => tenant.schema === schema(index)))
          .length,
        active: index,
        idle_in_transaction: index === 0 && holder ? 1 : 0,
        blocked: index === 0 ? waiting.length : 0,
      })),
      unattributed: 1,
      blocking: holder
        ? [
            { depth: 0, pid: 4711, repeated: false, here: true },
            ...waiting.map(({ pid }, index) => ({ depth: index + 1, pid, repeated: false, here: true })),
          ]
        : [],
      transactions: holder
        ? [
            {
              kind: "session",
              pid: 4711,
              name: null,
              role: "app_backend",
              age_ms: 754_000,
              holds_xids: 1_284,
              idle: true,
              here: true,
              tenants: [schema(0)],
              more_tenants: 0,
              sql: null,
            },
            {
              kind: "prepared",
              pid: null,
              name: "tx_20260301",
              role: "app_backend",
              age_ms: 86_400_000,
              holds_xids: 91_020,
              idle: true,
              here: true,
              tenants: [schema(1)],
              more_tenants: 0,
              sql: "rollback prepared 'tx_20260301';",
            },
          ]
        : [],
      connections: { used: 14, most: 100, for_superusers: 3, for_reserved: 0, of_database: null },
      elsewhere: [{ database: "postgres", sessions: 1 }],
      hidden: sessions.filter((one) => one.hidden).length,
      duration_ms: 38,
    };
  }

  function planSignal(request: SignalRequest): SignalPlan {
    if (readOnly) throw refuse("read_only", { operation: "end_sessions" });
    const targets = request.sessions.flatMap(({ pid }) => sessions.filter((one) => one.pid === pid));
    const changes = targets.filter((one) => one.has_written).length;
    const plan: SignalPlan = {
      id: crypto.randomUUID(),
      kind: request.cancel ? "cancel_statements" : "end_sessions",
      tenants: targets.map((one) => ({
        schema: `pid ${one.pid}`,
        name: `${one.role}, ${one.application}`,
        steps: [request.cancel ? "cancel" : "end"],
        canary: false,
        skipped: null,
      })),
      statements: targets.map((one) => ({
        schema: `pid ${one.pid}`,
        tenants: 1,
        names: [`pid ${one.pid}`],
        from: null,
        sql: `select pg_catalog.${request.cancel ? "pg_cancel_backend" : "pg_terminate_backend"}(s.pid) from pg_catalog.pg_stat_activity s where s.pid = ${one.pid} and s.backend_start = '${one.started}';`,
      })),
      checks: [
        changes > 0
          ? check("warning", "sessions_roll_back", "…", { sessions: String(changes) })
          : check("ok", "sessions_lose_nothing", "…"),
        check("ok", request.cancel ? "statements_proven" : "sessions_proven", "…"),
      ],
      fingerprint: "2c26b46b68ffc68ff99b453c1d304134",
      sessions: targets.map((session) => ({
        session,
        loses: session.has_written ? "changes" : session.transaction_ms !== null ? "transaction" : "nothing",
        holds_up: sessions.filter((one) => one.blocked_by.includes(session.pid)).length,
      })),
    };
    plans.set(plan.id, { plan });
    return plan;
  }

  return {
    /** Sessions that a run has ended are not there any more. */
    settle(summary: RunSummary): void {
      const made = [...plans.values()].find(({ run }) => run === summary.run);
      if (made?.plan.kind !== "end_sessions") return;
      const gone = new Set(made.plan.sessions.map(({ session }) => session.pid));
      sessions = sessions.filter((one) => !gone.has(one.pid));
    },
    commands: {
      watch_activity: async () => {
        await wait(60);
        return activity();
      },
      watch_queries: async () => {
        await wait(200);
        return sampleQueries(schema, fleet.length);
      },
      watch_storage: async () => {
        await wait(500);
        return sampleStorage(schema, fleet.length);
      },
      watch_signal_plan: async ({ request }: { request: SignalRequest }) => {
        await wait(200);
        return planSignal(request);
      },
      watch_signal_apply: ({ plan: id }: { plan: string }) => {
        const made = plans.get(id);
        if (!made) throw refuse("plan_missing", { id });
        made.run = runs().start({
          kind: made.plan.kind,
          turns: made.plan.tenants.map((one) => ({ schema: one.schema, versions: [], detail: null })),
        });
        return made.run;
      },
    } satisfies Record<string, Command>,
  };
}

const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();

function session(pid: number, more: Partial<SessionActivity>): SessionActivity {
  return {
    pid,
    started: "2026-03-01T08:00:00.123456Z",
    role: "app_backend",
    application: "api",
    client: "10.0.0.12",
    local: false,
    kind: "client backend",
    state: "idle",
    waits_for: "Client: ClientRead",
    session_ms: 3_600_000,
    transaction_ms: null,
    query_ms: 12_000,
    state_ms: 11_900,
    has_written: false,
    holds_xids: null,
    query: "select 1",
    hidden: false,
    own: false,
    tenants: [],
    more_tenants: 0,
    wait: null,
    blocked_by: [],
    ...more,
  };
}

function sampleSessions(schema: (index: number) => string): SessionActivity[] {
  const locks = (index: number) => [{ schema: schema(index), why: "locks" as const }];
  const wait = (relation: string) => ({
    kind: "transactionid",
    mode: "ShareLock",
    schema: schema(0),
    relation,
    in_tenant: true,
    waited_ms: 41_000,
  });
  return [
    session(4711, {
      state: "idle_in_transaction",
      transaction_ms: 754_000,
      state_ms: 751_000,
      has_written: true,
      holds_xids: 1_284,
      query: `update ${schema(0)}.invoices set paid = true where id = 4`,
      tenants: locks(0),
    }),
    session(4720, {
      state: "active",
      application: "worker",
      transaction_ms: 41_200,
      query_ms: 41_100,
      state_ms: 41_100,
      waits_for: "Lock: transactionid",
      query: `update ${schema(0)}.invoices set total = 12 where id = 4`,
      tenants: locks(0),
      wait: wait("invoices"),
      blocked_by: [4711],
    }),
    session(4733, {
      state: "active",
      application: "psql",
      role: "dba",
      transaction_ms: 30_000,
      query_ms: 30_000,
      state_ms: 30_000,
      waits_for: "Lock: relation",
      query: `alter table ${schema(0)}.invoices add column note text`,
      tenants: locks(0),
      wait: { ...wait("invoices"), kind: "relation", mode: "AccessExclusiveLock", waited_ms: 29_900 },
      blocked_by: [4711, 4720],
    }),
    session(4802, { tenants: [{ schema: schema(1), why: "role_setting" }], role: `app_${schema(1)}` }),
    session(4810, {
      hidden: true,
      state: null,
      query: null,
      started: null,
      kind: null,
      role: "postgres",
      application: "backup",
      session_ms: null,
      query_ms: null,
      state_ms: null,
      waits_for: null,
    }),
    session(4900, { own: true, application: "cadastre", state: "active", role: "cadastre_admin" }),
  ];
}

function sampleQueries(schema: (index: number) => string, tenants: number): SlowQueries {
  const query = (text: string, more: Partial<QueryFigures>): QueryFigures => ({
    text,
    entries: 1,
    calls: 1_000,
    total_ms: 10_000,
    mean_ms: 10,
    max_ms: 80,
    share: 0.1,
    rows: 1_000,
    cache_hit: 0.99,
    temp_blocks: 0,
    roles: ["app_backend"],
    inside: false,
    tenants: [],
    known_tenants: 0,
    unattributed_ms: 0,
    ...more,
  });
  return {
    missing: null,
    queries: [
      query("select * from invoices where customer_id = $1 order by issued_at desc limit $2", {
        entries: tenants,
        calls: 182_400,
        total_ms: 912_000,
        mean_ms: 5,
        share: 0.61,
        rows: 3_648_000,
        unattributed_ms: 912_000,
      }),
      query("update {schema}.invoices set paid = $1 where id = $2", {
        entries: 2,
        calls: 20_000,
        total_ms: 400_000,
        mean_ms: 20,
        share: 0.27,
        tenants: [
          { schema: schema(0), why: "text", calls: 15_000, total_ms: 310_000 },
          { schema: schema(1), why: "text", calls: 5_000, total_ms: 90_000 },
        ],
        known_tenants: 2,
      }),
      query("select count(*) from people", {
        calls: 90,
        total_ms: 180_000,
        mean_ms: 2_000,
        share: 0.12,
        rows: 90,
        tenants: [{ schema: schema(2), why: "own_role", calls: 90, total_ms: 180_000 }],
        known_tenants: 1,
        roles: [`app_${schema(2)}`],
      }),
    ],
    more: 240,
    total_ms: 1_492_000,
    attributed_ms: 580_000,
    hidden: 0,
    hidden_ms: 0,
    since: ago(12 * 86_400_000),
    evictions: 3,
    capacity: 5_000,
    merged: false,
    nested: false,
    duration_ms: 61,
  };
}

function sampleStorage(schema: (index: number) => string, tenants: number): Storage {
  const mega = 1 << 20;
  const table = (
    index: number,
    name: string,
    size: number,
    more: Partial<TableStorage> = {},
  ): TableStorage => ({
    schema: schema(index),
    in_tenant: true,
    estimated: false,
    name,
    total_bytes: size * mega,
    heap_bytes: Math.round(size * 0.6) * mega,
    toast_bytes: Math.round(size * 0.1) * mega,
    index_bytes: Math.round(size * 0.3) * mega,
    rows: size * 4_200,
    dead_rows: size * 90,
    bloat_bytes: Math.round(size * 0.05) * mega,
    vacuumed: ago(7_200_000),
    analyzed: ago(7_200_000),
    ...more,
  });
  const index = (name: string, more: Partial<IndexClass>): IndexClass => ({
    id: name,
    table: "invoices",
    name,
    definition: "btree (customer_id)",
    unique: false,
    tenants,
    schemas: [0, 1, 2, 3, 4].map(schema),
    scanned_in: 0,
    scans: 0,
    size_bytes: 120 * mega,
    verdict: "used",
    needed_for: null,
    covered_by: null,
    drop_sql: null,
    ...more,
  });
  const drop = (name: string) =>
    Array.from({ length: tenants }, (_, at) => `drop index concurrently "${schema(at)}"."${name}";\n`).join(
      "",
    );
  return {
    tables: [
      table(0, "invoices", 840, { bloat_bytes: 310 * mega, dead_rows: 820_000 }),
      table(1, "invoices", 420),
      table(2, "documents", 380, { vacuumed: null, analyzed: null, bloat_bytes: null }),
      table(0, "people", 96),
    ],
    not_estimated: 1,
    indexes: [
      index("invoices_customer_idx2", {
        verdict: "duplicate",
        covered_by: "invoices_customer_idx",
        drop_sql: drop("invoices_customer_idx2"),
      }),
      index("invoices_note_idx", {
        verdict: "unused",
        definition: "gin (note gin_trgm_ops)",
        size_bytes: 900 * mega,
        drop_sql: drop("invoices_note_idx"),
      }),
      index("invoices_customer_idx", { scanned_in: tenants, scans: 182_400 }),
      index("invoices_pkey", {
        verdict: "needed",
        unique: true,
        definition: "btree (id)",
        needed_for: "constraint",
      }),
    ],
    more_indexes: 0,
    bloated: [
      {
        schema: schema(0),
        table: "invoices",
        name: "invoices_customer_idx",
        size_bytes: 140 * mega,
        bloat_bytes: 61 * mega,
      },
    ],
    since: ago(40 * 86_400_000),
    since_start: false,
    long_enough: true,
    tenants,
    standbys: "none",
    duration_ms: 700,
  };
}
