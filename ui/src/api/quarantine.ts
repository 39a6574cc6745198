import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { DropRequest, PurgeRequest, UndropRequest } from "./types";

/** Tenants in quarantine, the oldest first. */
export const quarantineQueryOptions = () =>
  queryOptions({
    queryKey: ["quarantine"],
    queryFn: () => unwrap(commands.quarantineList()),
    meta: { tags: ["tenants"] },
  });

/** Whether their backups are there, by schema in quarantine; none is read. */
export const quarantineBackupsQueryOptions = () =>
  queryOptions({
    queryKey: ["quarantine", "backups"],
    queryFn: () => unwrap(commands.quarantineBackups()),
    meta: { tags: ["tenants"] },
  });

/** The backup of one tenant in quarantine, read to its end. */
export const backupCheckQueryOptions = (schema: string) =>
  queryOptions({
    queryKey: ["quarantine", "check", schema],
    queryFn: () => unwrap(commands.quarantineCheck(schema)),
    meta: { tags: ["tenants"] },
  });

/** What a drop of this window has come to; nothing for one of an earlier start. */
export const dropResultQueryOptions = (run: string) =>
  queryOptions({
    queryKey: ["drop", run],
    queryFn: () => unwrap(commands.tenantDropResult(run)),
    meta: { tags: ["runs"] },
  });

export function usePlanDrop() {
  return useMutation({
    mutationFn: (request: DropRequest) => unwrap(commands.tenantDropPlan(request)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

/** Applies a plan to drop a tenant; returns the run's id. */
export function useApplyDrop() {
  return useMutation({
    mutationFn: (plan: string) => unwrap(commands.tenantDropApply(plan)),
    meta: { failure: "failure.drop", quiet: true, stale: ["runs", "settings"] },
  });
}

export function usePlanUndrop() {
  return useMutation({
    mutationFn: (request: UndropRequest) => unwrap(commands.tenantUndropPlan(request)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

/** Applies a plan to bring a tenant back; returns the run's id. */
export function useApplyUndrop() {
  return useMutation({
    mutationFn: (plan: string) => unwrap(commands.tenantUndropApply(plan)),
    meta: { failure: "failure.undrop", quiet: true, stale: ["runs"] },
  });
}

export function usePlanPurge() {
  return useMutation({
    mutationFn: (request: PurgeRequest) => unwrap(commands.tenantPurgePlan(request)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

/** Applies a plan to remove a tenant for good; returns the run's id. */
export function useApplyPurge() {
  return useMutation({
    mutationFn: (plan: string) => unwrap(commands.tenantPurgeApply(plan)),
    meta: { failure: "failure.purge", quiet: true, stale: ["runs"] },
  });
}
