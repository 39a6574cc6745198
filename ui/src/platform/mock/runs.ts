import type { RunEntry, RunEvent, RunKind, RunProgress, RunSummary, Stopped } from "../../api/types";
import { MOCK_DATABASE } from "./connections";
import { refuse } from "./refuse";
import type { MockRun, Turn } from "./run";
import { judge, summarise, takeTurns, untouched } from "./run";

type Start = {
  kind: RunKind;
  turns: readonly Turn[];
  /** So many of the first turns go ahead, and whether a person decides after them. */
  canaries?: number;
  ask?: boolean;
  undoes?: string | null;
  rowsExpected?: number;
};

/** Runs that take time, as real ones do: a few tenants per tick, now and then one that fails. */
export function createRuns(tickMs: number, onEnd: (summary: RunSummary) => void, past: readonly MockRun[]) {
  const runs = new Map<string, MockRun>(past.map((run) => [run.progress.run, run]));
  let sequence = 0;

  const send = (run: MockRun, event: RunEvent) => {
    for (const listener of run.listeners) listener(structuredClone(event));
  };

  function start({ kind, turns, canaries = 0, ask = false, undoes = null, rowsExpected = 0 }: Start): string {
    sequence += 1;
    // Unlike any run of an earlier page, as core's are: the window remembers runs over a reload.
    const id = `run-${sequence}-${Date.now().toString(36)}`;
    begin({
      startedAt: new Date().toISOString(),
      endedAt: null,
      here: true,
      listeners: [],
      turns: [...turns],
      outcomes: turns.map((turn) => untouched(turn.schema)),
      stopped: null,
      undoes,
      progress: {
        run: id,
        kind,
        database: MOCK_DATABASE,
        total: turns.length,
        ended: 0,
        failed: 0,
        current: [],
        activities: [],
        rows: 0,
        rows_expected: rowsExpected,
        elapsed_ms: 0,
        remaining_ms: null,
        cancelling: false,
        state: canaries > 0 && canaries < turns.length ? "canary" : "running",
        canary_turns:
          canaries > 0 && canaries < turns.length
            ? { planned: canaries, ended: 0, others: turns.filter((turn) => !turn.skipped).length - canaries }
            : null,
        canaries: null,
      },
      canaries,
      ask,
      left: [],
      ahead: 0,
    });
    return id;
  }

  /** Goes on with a run that has ended: it is the same run, and who was done stays done. */
  function resume(id: string, turns: readonly Turn[]): string {
    const run = find(id);
    const again = new Set(turns.map((turn) => turn.schema));
    begin({
      ...run,
      here: true,
      endedAt: null,
      listeners: [],
      turns: [...turns],
      outcomes: run.outcomes.map((one) => (again.has(one.schema) ? untouched(one.schema) : one)),
      stopped: null,
      canaries: 0,
      progress: {
        ...run.progress,
        state: "running",
        cancelling: false,
        failed: 0,
        canary_turns: null,
        canaries: null,
      },
    });
    return id;
  }

  function begin(run: MockRun): void {
    runs.set(run.progress.run, run);
    const began = Date.now();
    run.left = [...run.turns];
    run.ahead = run.progress.state === "canary" ? run.canaries : 0;
    const timer = setInterval(() => {
      const { progress } = run;
      if (progress.state === "held" || progress.state === "paused") return;
      const outcomes = takeTurns(run);
      progress.elapsed_ms = Date.now() - began;
      const here = run.turns.length - run.left.length;
      progress.remaining_ms = here === 0 ? null : (progress.elapsed_ms / here) * run.left.length;
      if (run.ahead > 0 && !progress.cancelling) judge(run, outcomes.length);
      send(run, { event: "progress", progress, ended: outcomes });
      if (run.left.length > 0 && !progress.cancelling) return;
      clearInterval(timer);
      finish(run, progress.cancelling ? "cancelled" : run.stopped);
    }, tickMs);
  }

  function finish(run: MockRun, stopped: Stopped | null): void {
    run.stopped = stopped;
    run.endedAt = new Date().toISOString();
    run.progress.state = "ended";
    run.progress.cancelling = false;
    const summary = summarise(run);
    onEnd(summary);
    send(run, { event: "finished", summary });
  }

  function find(id: string): MockRun {
    const run = runs.get(id);
    if (!run) throw refuse("run_missing", { id });
    return run;
  }

  const change = (id: string, from: readonly RunProgress["state"][], to: RunProgress["state"]) => {
    const run = find(id);
    if (!from.includes(run.progress.state)) return;
    run.progress.state = to;
    send(run, { event: "progress", progress: run.progress, ended: [] });
  };

  return {
    start,
    resume,
    find,
    attach(id: string, listener: MockRun["listeners"][number]): void {
      const run = find(id);
      run.listeners.push(listener);
      const outcomes = run.outcomes.filter((one) => one.outcome !== "not_started");
      listener(structuredClone({ event: "progress", progress: run.progress, ended: outcomes }));
      if (run.endedAt) listener({ event: "finished", summary: summarise(run) });
    },
    cancel(id: string): void {
      find(id).progress.cancelling = true;
      change(id, ["canary", "held", "running", "paused"], "cancelling");
    },
    pause: (id: string) => change(id, ["canary", "running"], "paused"),
    goOn: (id: string) => change(id, ["held", "paused"], "running"),
    active: (): RunProgress[] =>
      [...runs.values()].filter((run) => run.here).map((run) => ({ ...run.progress })),
    show: (id: string): RunSummary => summarise(find(id)),
    list: (): RunEntry[] =>
      [...runs.values()]
        .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
        .map((run) => {
          const { tenants: _, duration_ms: __, ...counts } = summarise(run);
          return {
            ...counts,
            database: MOCK_DATABASE,
            started_at: run.startedAt,
            ended_at: run.endedAt,
            running: run.here && run.endedAt === null,
          };
        }),
    /** The run that has taken this one back, if there is one. */
    undoneBy: (id: string): string | null =>
      [...runs.values()].find(
        (run) => run.undoes === id && run.outcomes.some((one) => one.versions.length > 0),
      )?.progress.run ?? null,
  };
}

export type MockRuns = ReturnType<typeof createRuns>;
