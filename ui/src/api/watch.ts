import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { SignalRequest } from "./types";

/** How often what goes on is read again while somebody looks, milliseconds. */
export const activityInterval = 3000;

/** What goes on at this moment. Read again while the window is visible and nobody has paused it. */
export const activityQueryOptions = (live: boolean) =>
  queryOptions({
    queryKey: ["watch", "activity"],
    queryFn: () => unwrap(commands.watchActivity()),
    meta: { tags: ["connection", "activity"] },
    refetchInterval: live ? activityInterval : false,
    refetchIntervalInBackground: false,
    staleTime: 0,
  });

/** On which statements the time has gone. */
export const slowQueriesQueryOptions = () =>
  queryOptions({
    queryKey: ["watch", "queries"],
    queryFn: () => unwrap(commands.watchQueries()),
    meta: { tags: ["connection", "watch"] },
    staleTime: 60_000,
  });

/** What takes the space. It looks at every index of the fleet, so it is not asked again by itself. */
export const storageQueryOptions = () =>
  queryOptions({
    queryKey: ["watch", "storage"],
    queryFn: () => unwrap(commands.watchStorage()),
    meta: { tags: ["connection", "watch"] },
    staleTime: 5 * 60_000,
  });

export function usePlanSignal() {
  return useMutation({
    mutationFn: (request: SignalRequest) => unwrap(commands.watchSignalPlan(request)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

/** Applies a plan to end sessions; returns the run's id. */
export function useApplySignal() {
  return useMutation({
    mutationFn: (plan: string) => unwrap(commands.watchSignalApply(plan)),
    meta: { failure: "failure.signal", quiet: true, stale: ["runs", "activity"] },
  });
}
