import type {
  FoundConnection,
  OpenConnection,
  Profile,
  ProfileEntry,
  ServerInfo,
  TestReport,
  TestStep,
} from "../../api/types";
import { refuse } from "./refuse";

export function newProfile(): Profile {
  return {
    id: crypto.randomUUID(),
    name: "",
    host: "localhost",
    port: 5432,
    database: "postgres",
    user: "postgres",
    tls: { mode: "prefer", root_certificate: null, client_certificate: null, client_key: null },
    options: [],
    read_only: false,
    environment: "development",
    colour: null,
    connect_timeout: 10,
  };
}

/** How core names the database that the sample runs were of. */
export const MOCK_DATABASE = "lycees @ edu-prod.example:5432";

export function sampleProfiles(): ProfileEntry[] {
  const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  const profile = (part: Partial<Profile>): Profile => ({ ...newProfile(), ...part });
  return [
    {
      profile: profile({
        id: "p-lycees",
        name: "Lycées – production",
        host: "edu-prod.example",
        database: "lycees",
        user: "cadastre_admin",
        environment: "production",
        tls: {
          mode: "verify-full",
          root_certificate: "/etc/ssl/certs/academie-ca.pem",
          client_certificate: null,
          client_key: null,
        },
      }),
      has_password: true,
      used_at: hoursAgo(2),
    },
    {
      profile: profile({
        id: "p-support",
        name: "Lycées – support (lecture)",
        host: "edu-prod.example",
        database: "lycees",
        user: "support",
        environment: "production",
        read_only: true,
        tls: { mode: "verify-full", root_certificate: null, client_certificate: null, client_key: null },
      }),
      has_password: false,
      used_at: hoursAgo(30),
    },
    {
      profile: profile({
        id: "p-staging",
        name: "TalentMatch staging",
        host: "10.20.0.14",
        port: 6432,
        database: "talentmatch",
        user: "deploy",
        environment: "staging",
        tls: { mode: "require", root_certificate: null, client_certificate: null, client_key: null },
      }),
      has_password: true,
      used_at: hoursAgo(24 * 9),
    },
    {
      profile: profile({
        id: "p-local",
        name: "Local",
        host: "/var/run/postgresql",
        database: "cadastre_dev",
        user: "alix",
        tls: { mode: "disable", root_certificate: null, client_certificate: null, client_key: null },
      }),
      has_password: false,
      used_at: null,
    },
  ];
}

export function found(): FoundConnection[] {
  return [
    {
      origin: "DATABASE_URL",
      profile: {
        ...newProfile(),
        name: "talentmatch",
        host: "localhost",
        database: "talentmatch",
        user: "talent",
      },
      has_password: true,
    },
    {
      origin: "service edu",
      profile: { ...newProfile(), name: "edu", host: "edu-test.example", database: "lycees", user: "alix" },
      has_password: false,
    },
  ];
}

export function serverOf(profile: Profile): ServerInfo {
  return {
    version: "16.4",
    version_number: 160_004,
    database: profile.database,
    role: profile.user,
    host: profile.host,
    port: profile.port,
    superuser: false,
    can_create_schema: !profile.read_only,
    can_create_db: false,
    can_create_role: true,
    monitor: true,
    standby: false,
    pooler: profile.port === 6432 ? "PgBouncer" : null,
    tls: isClear(profile) || profile.host.startsWith("/") ? null : "TLSv1.3",
    read_only: profile.read_only,
    extensions: [
      { name: "pg_stat_statements", version: "1.10" },
      { name: "plpgsql", version: "1.0" },
    ],
    lock_budget: { total: 6400, used: 34 },
  };
}

export const opened = (profile: Profile, demo = false): OpenConnection => ({
  profile,
  server: serverOf(profile),
  demo,
});

/** A server named `clear…` offers no encryption. */
function isClear({ host, tls }: Profile): boolean {
  return (
    !host.startsWith("/") && (tls.mode === "disable" || (host.startsWith("clear") && tls.mode === "prefer"))
  );
}

/** A test that goes as far as the host's name says: `unknown…`, `closed…`, `clear…`, or the password `wrong`. */
export function testOf(profile: Profile, password: string | null): TestReport {
  const steps: TestStep[] = [];
  const step = (layer: TestStep["layer"], detail: string | null, error: TestStep["error"] = null) => {
    steps.push({ layer, duration_ms: 3 + steps.length * 7, detail, error });
    return error === null;
  };
  const host = profile.host;
  let clear_text = false;
  const failed = (): TestReport => ({ steps, ok: false, server: null, clear_text });
  if (!step("name", "10.0.4.12", host.startsWith("unknown") ? refuse("name_not_resolved", { host }) : null))
    return failed();
  const port = String(profile.port);
  if (
    !step(
      "tcp",
      `10.0.4.12:${port}`,
      host.startsWith("closed") ? refuse("connection_refused", { host, port }) : null,
    )
  )
    return failed();
  const refused = host.startsWith("clear") && !isClear(profile);
  clear_text = isClear(profile);
  if (profile.tls.mode !== "disable") {
    const detail = clear_text ? "clear text: the server does not offer TLS" : "TLSv1.3";
    if (!step("tls", detail, refused ? refuse("tls_unavailable", { host }) : null)) return failed();
  }
  const wrong = password === "wrong";
  if (
    !step(
      "authentication",
      "scram-sha-256",
      wrong ? refuse("authentication_failed", { user: profile.user }) : null,
    )
  )
    return failed();
  step("database", `PostgreSQL 16.4`);
  step("permission", null);
  return { steps, ok: true, server: serverOf(profile), clear_text };
}
