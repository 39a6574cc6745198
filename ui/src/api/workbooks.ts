import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { createChannel } from "../platform/channel";
import { unwrap } from "./error";
import type { RestoreRequest } from "./types";

/** The system's dialog to choose a workbook; `null` when it was closed. */
export function usePickWorkbook() {
  return useMutation({
    mutationFn: (title: string) => unwrap(commands.workbookPick(title)),
    meta: { failure: "failure.dialog" },
  });
}

/** What a workbook says of itself. */
export const workbookQueryOptions = (path: string) =>
  queryOptions({
    queryKey: ["workbook", path],
    queryFn: () => unwrap(commands.workbookOpen(path)),
    staleTime: Number.POSITIVE_INFINITY,
    meta: { tags: [] },
  });

/** Rows read so far of a workbook that is being verified. */
export const checkProgressQueryOptions = (path: string) =>
  queryOptions<number>({
    queryKey: ["workbook", path, "progress"],
    queryFn: () => 0,
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
    meta: { tags: [] },
  });

/** Whether a workbook still holds what was written. Asked for by a person; goes on when the place is left. */
export const workbookCheckQueryOptions = (path: string) =>
  queryOptions({
    queryKey: ["workbook", path, "check"],
    queryFn: ({ client }) => {
      const { queryKey } = checkProgressQueryOptions(path);
      client.setQueryData(queryKey, 0);
      const rows = createChannel<number>((read) => client.setQueryData(queryKey, read));
      return unwrap(commands.workbookVerify(checkRead, path, rows));
    },
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    meta: { tags: [] },
  });

/** A workbook's record beside what a tenant holds now. Asked for by a person. */
export const workbookComparisonQueryOptions = (path: string, schema: string) =>
  queryOptions({
    queryKey: ["workbook", path, "against", schema],
    queryFn: () => unwrap(commands.workbookCompare(comparisonRead, path, schema)),
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    meta: { tags: ["rows"] },
  });

/** Names of long reads. One that begins anew cancels the one before. */
export const checkRead = "workbook-check";
export const comparisonRead = "workbook-comparison";
export const planRead = "restore-plan";

/** Ends a long read; whoever waits for it gets the error `cancelled`. */
export function useCancelRead() {
  return useMutation({
    mutationFn: (read: string) => unwrap(commands.readCancel(read)),
    meta: { failure: "failure.cancel" },
  });
}

export function usePlanRestore() {
  return useMutation({
    mutationFn: (request: RestoreRequest) => unwrap(commands.workbookRestorePlan(planRead, request)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

/** Applies a plan to restore; returns the run's id. */
export function useApplyRestore() {
  return useMutation({
    mutationFn: (plan: string) => unwrap(commands.workbookRestoreApply(plan)),
    meta: { failure: "failure.restore", quiet: true, stale: ["runs"] },
  });
}

/** What a restore has found; `null` for one of another session of the program. */
export const restoreReportQueryOptions = (run: string) =>
  queryOptions({
    queryKey: ["runs", run, "restore-report"],
    queryFn: () => unwrap(commands.workbookRestoreReport(run)),
    meta: { tags: ["runs"] },
  });
