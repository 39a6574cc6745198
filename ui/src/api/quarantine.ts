import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { BackupCheck, DropRequest, PurgeRequest, UndropRequest } from "./types";

/** Tenants in quarantine, the oldest first. */
export const quarantineQueryOptions = () =>
  queryOptions({
    queryKey: ["quarantine"],
    queryFn: () => unwrap(commands.quarantineList()),
    meta: { tags: ["tenants"] },
  });

const checkKey = (schema: string) => ["quarantine", "check", schema] as const;

/** Whether their backups are there, by schema in quarantine. None is read here; what was read before is known. */
export const quarantineBackupsQueryOptions = () =>
  queryOptions({
    queryKey: ["quarantine", "backups"],
    queryFn: async ({ client }) => {
      const checks = await unwrap(commands.quarantineBackups());
      return new Map(
        checks.map((check) => {
          const read = client.getQueryData<BackupCheck>(checkKey(check.schema));
          return [check.schema, check.state === "present" && read ? read : check];
        }),
      );
    },
    meta: { tags: ["tenants"] },
  });

/** The backup of one tenant in quarantine, read to its end. */
export const backupCheckQueryOptions = (schema: string) =>
  queryOptions({
    queryKey: checkKey(schema),
    queryFn: async ({ client }) => {
      const check = await unwrap(commands.quarantineCheck(schema));
      // The list knows it then too.
      client.setQueryData(
        quarantineBackupsQueryOptions().queryKey,
        (known) => known && new Map(known).set(schema, check),
      );
      return check;
    },
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
