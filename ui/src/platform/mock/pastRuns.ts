import type { RunKind, Stopped, TenantSummary } from "../../api/types";
import { MOCK_DATABASE } from "./connections";
import { ended, type MockRun, untouched } from "./run";

type Past = {
  id: string;
  kind: RunKind;
  hoursAgo: number;
  /** How many of the fleet it was about, and how many of them had their turn. */
  tenants: number;
  ended: number;
  stopped: Stopped | null;
  undoes?: string;
};

/** What earlier starts of the window left in the record; with `interrupted`, one of them was killed. */
export function samplePastRuns(fleet: readonly TenantSummary[], interrupted: boolean): MockRun[] {
  const all = fleet.length;
  const past: Past[] = [
    {
      id: "3f0c7a51e2",
      kind: "migrate_down",
      hoursAgo: 49,
      tenants: 3,
      ended: 3,
      stopped: null,
      undoes: "8d21b6c904",
    },
    { id: "8d21b6c904", kind: "migrate_up", hoursAgo: 50, tenants: 3, ended: 3, stopped: null },
    { id: "c4e19f0a7d", kind: "export", hoursAgo: 73, tenants: 4, ended: 4, stopped: null },
    { id: "a90b3dd812", kind: "migrate_up", hoursAgo: 170, tenants: all, ended: 7, stopped: "canary" },
  ];
  if (interrupted)
    past.unshift({
      id: "e5d2078b16",
      kind: "migrate_up",
      hoursAgo: 3,
      tenants: all,
      ended: Math.round(all * 0.4),
      stopped: "interrupted",
    });
  return past.map((one) => pastRun(one, fleet));
}

function pastRun(past: Past, fleet: readonly TenantSummary[]): MockRun {
  const turns = fleet.slice(0, past.tenants).map((tenant, index) => ({
    schema: tenant.schema,
    versions: past.kind === "export" ? [] : [7],
    fails: past.stopped === "canary" && index === 3,
  }));
  const outcomes = turns.map((turn, index) =>
    index < past.ended ? ended(turn, past.kind) : untouched(turn.schema),
  );
  const started = Date.now() - past.hoursAgo * 3_600_000;
  const elapsed = 900 + past.ended * 37;
  return {
    progress: {
      run: past.id,
      kind: past.kind,
      database: MOCK_DATABASE,
      total: turns.length,
      ended: past.ended,
      failed: outcomes.filter((one) => one.outcome === "failed").length,
      current: [],
      activities: [],
      rows: 0,
      rows_expected: 0,
      elapsed_ms: past.stopped === "interrupted" ? 0 : elapsed,
      remaining_ms: null,
      cancelling: false,
      state: "ended",
      canary_turns: null,
      canaries: null,
    },
    turns,
    outcomes,
    canaries: 0,
    ask: false,
    stopped: past.stopped,
    undoes: past.undoes ?? null,
    listeners: [],
    startedAt: new Date(started).toISOString(),
    endedAt: past.stopped === "interrupted" ? null : new Date(started + elapsed).toISOString(),
    here: false,
    left: [],
    ahead: 0,
  };
}
