import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { CloneRequest } from "./types";

export function usePlanClone() {
  return useMutation({
    mutationFn: (request: CloneRequest) => unwrap(commands.tenantClonePlan(request)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

/** Applies a plan to clone a tenant; returns the run's id. */
export function useApplyClone() {
  return useMutation({
    mutationFn: (plan: string) => unwrap(commands.tenantCloneApply(plan)),
    meta: { failure: "failure.clone", quiet: true, stale: ["runs"] },
  });
}

/** What is not as in the source after a clone, in core's English; known while the program lives. */
export const cloneRemarksQueryOptions = (run: string) =>
  queryOptions({
    queryKey: ["clone", run],
    queryFn: () => unwrap(commands.tenantCloneRemarks(run)),
    meta: { tags: ["runs"] },
  });
