import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { DeactivateRequest, EditRequest, RenameRequest, RoleRequest } from "./types";

export function usePlanDeactivate() {
  return useMutation({
    mutationFn: (request: DeactivateRequest) => unwrap(commands.tenantDeactivatePlan(request)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

export function usePlanActivate() {
  return useMutation({
    mutationFn: (tenants: string[]) => unwrap(commands.tenantActivatePlan(tenants)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

export function usePlanRename() {
  return useMutation({
    mutationFn: (request: RenameRequest) => unwrap(commands.tenantRenamePlan(request)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

export function usePlanEntry() {
  return useMutation({
    mutationFn: ({ tenants, request }: { tenants: string[]; request: EditRequest }) =>
      unwrap(commands.tenantSetPlan(tenants, request)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

export function usePlanRegistry() {
  return useMutation({
    mutationFn: () => unwrap(commands.registryInstallPlan()),
    meta: { failure: "failure.plan", quiet: true },
  });
}

/** What a file of new tenants is read with. */
export type ListedRequest = {
  path: string;
  template: string | null;
  role: RoleRequest | null;
  goOn: boolean;
};

export function usePlanCreateListed() {
  return useMutation({
    mutationFn: ({ path, template, role, goOn }: ListedRequest) =>
      unwrap(commands.tenantCreateListedPlan(path, template, role, goOn)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

/** Applies any of these plans but that of new tenants; returns the run's id. */
export function useApplyLife() {
  return useMutation({
    mutationFn: (plan: string) => unwrap(commands.lifeApply(plan)),
    meta: { failure: "failure.set", quiet: true, stale: ["runs"] },
  });
}

/** Lets the person choose a file of new tenants. */
export function usePickList() {
  return useMutation({
    mutationFn: (title: string) => unwrap(commands.tenantListPick(title)),
    meta: { failure: "failure.dialog" },
  });
}

/** Lets the person choose a logo or favicon. */
export function usePickImage() {
  return useMutation({
    mutationFn: (title: string) => unwrap(commands.registryImagePick(title)),
    meta: { failure: "failure.dialog" },
  });
}

/** What this database has of the registry. */
export const registryQueryOptions = () =>
  queryOptions({
    queryKey: ["registry"],
    queryFn: () => unwrap(commands.registryStatus()),
    meta: { tags: ["registry"] },
  });

/** Former values of a tenant's entry, newest first. */
export const entryHistoryQueryOptions = (schema: string) =>
  queryOptions({
    queryKey: ["registry", "history", schema],
    queryFn: () => unwrap(commands.registryHistory(schema)),
    meta: { tags: ["registry"] },
  });

/** How an application reaches a tenant. */
export const connectionTextsQueryOptions = (schema: string) =>
  queryOptions({
    queryKey: ["tenant", schema, "connection"],
    queryFn: () => unwrap(commands.tenantConnection(schema)),
    meta: { tags: ["tenants"] },
  });
