import type { RunEntry, RunEvent, RunKind, RunProgress, RunSummary, TenantOutcome } from "../../api/types";
import { refuse } from "./refuse";

type Listener = (event: RunEvent) => void;
type MockRun = {
  progress: RunProgress;
  outcomes: TenantOutcome[];
  summary: RunSummary | null;
  listeners: Listener[];
  startedAt: string;
};

const none = { waited_ms: 0, attempts: 0, versions: [], error: null, detail: null };

/** Runs that take time, as real ones do: a few tenants per tick, now and then one that fails. */
export function createRuns(tickMs: number, onEnd: (summary: RunSummary) => void) {
  const runs = new Map<string, MockRun>();
  let sequence = 0;

  const send = (run: MockRun, event: RunEvent) => {
    for (const listener of run.listeners) listener(structuredClone(event));
  };

  function start(
    kind: RunKind,
    schemas: readonly string[],
    failing: ReadonlySet<string> = new Set(),
  ): string {
    sequence += 1;
    // Unlike any run of an earlier page, as core's are: the window remembers runs over a reload.
    const id = `run-${sequence}-${Date.now().toString(36)}`;
    const queue = [...schemas];
    const rows = kind === "export" ? schemas.length * 18_000 : 0;
    const run: MockRun = {
      startedAt: new Date().toISOString(),
      listeners: [],
      outcomes: [],
      summary: null,
      progress: {
        run: id,
        kind,
        total: schemas.length,
        ended: 0,
        failed: 0,
        current: [],
        rows: 0,
        rows_expected: rows,
        elapsed_ms: 0,
        remaining_ms: null,
        cancelling: false,
        state: "running",
        canaries: null,
      },
    };
    runs.set(id, run);
    const began = Date.now();
    const perTick = Math.max(1, Math.round(schemas.length / 60));
    const timer = setInterval(() => {
      const batch = queue.splice(0, run.progress.cancelling ? 0 : perTick);
      const ended = batch.map((schema): TenantOutcome => outcome(schema, kind, failing.has(schema)));
      run.outcomes.push(...ended);
      const { progress } = run;
      progress.ended = run.outcomes.length;
      progress.failed = run.outcomes.filter((one) => one.outcome === "failed").length;
      progress.current = queue.slice(0, 2);
      progress.elapsed_ms = Date.now() - began;
      progress.rows = Math.round((rows * progress.ended) / Math.max(1, progress.total));
      progress.remaining_ms =
        progress.ended === 0
          ? null
          : (progress.elapsed_ms / progress.ended) * (progress.total - progress.ended);
      send(run, { event: "progress", progress, ended });
      if (queue.length > 0 && !progress.cancelling) return;
      clearInterval(timer);
      for (const schema of queue)
        run.outcomes.push({ ...none, schema, outcome: "not_started", duration_ms: 0 });
      run.summary = summarise(run);
      onEnd(run.summary);
      send(run, { event: "finished", summary: run.summary });
    }, tickMs);
    return id;
  }

  function find(id: string): MockRun {
    const run = runs.get(id);
    if (!run) throw refuse("run_missing", { id });
    return run;
  }

  return {
    start,
    attach(id: string, listener: Listener): void {
      const run = find(id);
      run.listeners.push(listener);
      if (run.summary) listener({ event: "finished", summary: run.summary });
      else listener({ event: "progress", progress: { ...run.progress }, ended: [...run.outcomes] });
    },
    cancel(id: string): void {
      find(id).progress.cancelling = true;
    },
    active: (): RunProgress[] => [...runs.values()].map((run) => ({ ...run.progress })),
    show: (id: string): RunSummary => find(id).summary ?? summarise(find(id)),
    list: (): RunEntry[] =>
      [...runs.values()].reverse().map((run) => {
        const { done, skipped, failed, cancelled, not_started } = summarise(run);
        return {
          run: run.progress.run,
          kind: run.progress.kind,
          database: "lycees @ edu-prod.example:5432",
          started_at: run.startedAt,
          ended_at: run.summary ? new Date().toISOString() : null,
          running: run.summary === null,
          stopped: null,
          undoes: null,
          done,
          skipped,
          failed,
          cancelled,
          not_started,
        };
      }),
  };
}

function outcome(schema: string, kind: RunKind, fails: boolean): TenantOutcome {
  const duration_ms = 8 + (schema.length % 9) * 3;
  if (fails) {
    const error = refuse(
      "lock_timeout",
      { timeout: "5 s" },
      {
        sqlstate: "55P03",
        causes: ["canceling statement due to lock timeout"],
      },
    );
    return { ...none, schema, outcome: "failed", duration_ms: 5003, attempts: 1, error };
  }
  const detail = kind === "export" ? `/home/alix/Exports/${schema}.xlsx` : kind === "create" ? "1–7" : "7";
  return { ...none, schema, outcome: "done", duration_ms, attempts: 1, detail };
}

function summarise(run: MockRun): RunSummary {
  const count = (outcome: TenantOutcome["outcome"]) =>
    run.outcomes.filter((one) => one.outcome === outcome).length;
  return {
    run: run.progress.run,
    kind: run.progress.kind,
    done: count("done"),
    skipped: count("skipped"),
    failed: count("failed"),
    cancelled: count("cancelled"),
    not_started: count("not_started"),
    duration_ms: run.progress.elapsed_ms,
    stopped: null,
    undoes: null,
    tenants: run.outcomes,
  };
}
