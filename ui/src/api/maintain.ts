import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { MaintainRequest } from "./types";

export function usePlanMaintain() {
  return useMutation({
    mutationFn: ({ request, tenants }: { request: MaintainRequest; tenants: string[] }) =>
      unwrap(commands.maintainPlan(request, tenants)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

/** Applies a plan of maintenance; returns the run's id. */
export function useApplyMaintain() {
  return useMutation({
    mutationFn: (plan: string) => unwrap(commands.maintainApply(plan)),
    meta: { failure: "failure.maintain", quiet: true, stale: ["runs"] },
  });
}

/** What became of a tenant's tables in a run; `state` is how far the tenant is, since more may be there afterwards. */
export const maintainReportQueryOptions = (run: string, schema: string, state: string) =>
  queryOptions({
    queryKey: ["maintainReport", run, schema, state],
    queryFn: () => unwrap(commands.maintainReport(run, schema)),
    meta: { tags: ["runs"] },
  });
