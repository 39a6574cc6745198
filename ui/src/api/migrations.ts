import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { MigrateRequest } from "./types";

/** The shipped templates. */
export const templatesQueryOptions = () =>
  queryOptions({
    queryKey: ["templates"],
    queryFn: () => unwrap(commands.templateList()),
    staleTime: Number.POSITIVE_INFINITY,
    meta: { tags: [] },
  });

/** The fleet against a template or a folder. */
export const migrationStatusQueryOptions = (source: string) =>
  queryOptions({
    queryKey: ["migrations", source],
    queryFn: () => unwrap(commands.migrationStatus(source)),
    enabled: source !== "",
    meta: { tags: ["migrations"] },
  });

export function usePlanMigration() {
  return useMutation({
    mutationFn: (request: MigrateRequest) => unwrap(commands.migrationPlan(request)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

/** Tries a plan out on copies of the structure; the plan stays. */
export function useRehearseMigration() {
  return useMutation({
    mutationFn: (plan: string) => unwrap(commands.migrationRehearse(plan)),
    meta: { failure: "failure.rehearse", quiet: true },
  });
}

/** Applies a plan to migrate; returns the run's id. */
export function useApplyMigration() {
  return useMutation({
    mutationFn: (plan: string) => unwrap(commands.migrationApply(plan)),
    meta: { failure: "failure.migrate", quiet: true, stale: ["runs"] },
  });
}
