import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands, type RunEvent_Deserialize } from "../bindings";
import { createChannel } from "../platform/channel";
import { unwrap } from "./error";
import { withPlausibleTimeLeft } from "./timeLeft";
import type { RunEvent } from "./types";

/** Runs of this window that have not ended, and those that ended since it opened. */
export const activeRunsQueryOptions = () =>
  queryOptions({
    queryKey: ["runs", "active"],
    queryFn: () => unwrap(commands.runActive()),
    staleTime: Number.POSITIVE_INFINITY,
    meta: { tags: [] },
  });

/** Past runs, newest first. */
export const runListQueryOptions = () =>
  queryOptions({
    queryKey: ["runs"],
    queryFn: () => unwrap(commands.runList()),
    meta: { tags: ["runs"] },
  });

/** A run with every tenant's outcome. */
export const runQueryOptions = (run: string) =>
  queryOptions({
    queryKey: ["runs", run],
    queryFn: () => unwrap(commands.runShow(run)),
    meta: { tags: ["runs"] },
  });

/** What commands have written for a tenant of a run, when its state was this. */
export const runOutputQueryOptions = (run: string, schema: string, state: string) =>
  queryOptions({
    queryKey: ["runs", run, "output", schema, state],
    queryFn: () => unwrap(commands.runOutput(run, schema)),
    meta: { tags: ["runs"] },
  });

/** Listens to a run: first where it is, then each change, last its summary. */
export function attachToRun(run: string, onEvent: (event: RunEvent) => void): Promise<null> {
  const receive = withPlausibleTimeLeft(onEvent);
  // What core sends always has every field; the generated type of a channel's message does not know that.
  const channel = createChannel<RunEvent_Deserialize>((event) => receive(event as RunEvent));
  return unwrap(commands.runAttach(run, channel));
}

/** Lets the tenants under way end and begins no other. */
export function usePauseRun() {
  return useMutation({
    mutationFn: (run: string) => unwrap(commands.runPause(run)),
    meta: { failure: "failure.pause" },
  });
}

/** Ends a pause; after the canaries, lets the other tenants begin. */
export function useGoOnRun() {
  return useMutation({
    mutationFn: (run: string) => unwrap(commands.runGoOn(run)),
    meta: { failure: "failure.goOn" },
  });
}

/** A way to come back to a run: finish it, or take back what it did. */
export type Way = "resume" | "undo";

/** What is left of a run, or its way back; applied as any plan to migrate. */
export function usePlanRevisit() {
  return useMutation({
    mutationFn: ({ run, way }: { run: string; way: Way }) =>
      unwrap(way === "resume" ? commands.runResumePlan(run) : commands.runUndoPlan(run)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

export function useCancelRun() {
  return useMutation({
    mutationFn: (run: string) => unwrap(commands.runCancel(run)),
    meta: { failure: "failure.cancel" },
  });
}
