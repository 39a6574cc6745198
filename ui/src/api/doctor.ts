import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { FixRequest } from "./types";

/** What the doctor finds in the open database. It looks at every tenant, so it is not asked again by itself. */
export const doctorQueryOptions = () =>
  queryOptions({
    queryKey: ["doctor"],
    queryFn: () => unwrap(commands.doctorExamine()),
    meta: { tags: ["connection", "doctor"] },
    staleTime: 5 * 60_000,
  });

export function usePlanFix() {
  return useMutation({
    mutationFn: (request: FixRequest) => unwrap(commands.doctorFixPlan(request)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

/** Applies a plan to repair findings; returns the run's id. */
export function useApplyFix() {
  return useMutation({
    mutationFn: (plan: string) => unwrap(commands.doctorFixApply(plan)),
    meta: { failure: "failure.repair", quiet: true, stale: ["runs"] },
  });
}
