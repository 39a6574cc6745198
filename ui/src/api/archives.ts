import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { BackupRequest } from "./types";
import { planRead } from "./workbooks";

/** The archives in a folder, newest first. */
export const archivesQueryOptions = (folder: string) =>
  queryOptions({
    queryKey: ["archives", folder],
    queryFn: () => unwrap(commands.backupList(folder)),
    enabled: folder !== "",
    refetchOnWindowFocus: true,
    meta: { tags: ["archives"] },
  });

/** PostgreSQL's own programs, as they are used for the open database. */
export const clientQueryOptions = () =>
  queryOptions({
    queryKey: ["archive-client"],
    queryFn: () => unwrap(commands.backupClient()),
    refetchOnWindowFocus: true,
    meta: { tags: ["settings"] },
  });

export function usePlanArchives() {
  return useMutation({
    mutationFn: ({ request, tenants }: { request: BackupRequest; tenants: string[] }) =>
      unwrap(commands.backupCreatePlan(request, tenants)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

/** Applies a plan to write archives; returns the run's id. */
export function useApplyArchives() {
  return useMutation({
    mutationFn: (plan: string) => unwrap(commands.backupCreateApply(plan)),
    meta: { failure: "failure.backup", quiet: true, stale: ["runs"] },
  });
}

/** The archives that a run has written. */
export const writtenArchivesQueryOptions = (run: string) =>
  queryOptions({
    queryKey: ["runs", run, "archives"],
    queryFn: () => unwrap(commands.backupFiles(run)),
    meta: { tags: ["runs"] },
  });

/** What to do with an archive: try it out, or bring its tenant back under its own name (`null`) or another. */
export type Return = { path: string; way: "verify" } | { path: string; way: "restore"; name: string | null };

export function usePlanReturn() {
  return useMutation({
    mutationFn: (wanted: Return) =>
      unwrap(
        wanted.way === "verify"
          ? commands.backupVerifyPlan(wanted.path)
          : commands.backupRestorePlan(planRead, wanted.path, wanted.name),
      ),
    meta: { failure: "failure.plan", quiet: true },
  });
}

/** Applies a plan of an archive; returns the run's id. */
export function useApplyReturn() {
  return useMutation({
    mutationFn: (plan: string) => unwrap(commands.backupReturnApply(plan)),
    meta: { failure: "failure.restore", quiet: true, stale: ["runs"] },
  });
}

/** What bringing an archive back has proven; `null` for a run of another session of the program. */
export const returnReportQueryOptions = (run: string) =>
  queryOptions({
    queryKey: ["runs", run, "return-report"],
    queryFn: () => unwrap(commands.backupReport(run)),
    meta: { tags: ["runs"] },
  });

/** Shows an archive in the system's file manager. */
export function useRevealArchive() {
  return useMutation({
    mutationFn: (path: string) => unwrap(commands.backupReveal(path)),
    meta: { failure: "failure.reveal" },
  });
}
