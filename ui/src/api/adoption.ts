import { keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { TenantRules } from "./types";

/** Which schemas are tenants, under the rules that count or under others that are only tried. */
export const adoptionQueryOptions = (rules: TenantRules | null) =>
  queryOptions({
    queryKey: ["adoption", rules],
    queryFn: () => unwrap(commands.adoptionLook(rules)),
    placeholderData: keepPreviousData,
    staleTime: 5 * 60_000,
    meta: { tags: ["tenants"] },
  });

/** Everything that is read of tenants follows the rules. */
const stale = ["tenants", "sizes", "migrations", "stats", "structure", "journal"] as const;

export function useSaveRules() {
  return useMutation({
    mutationFn: (rules: TenantRules) => unwrap(commands.adoptionSave(rules)),
    meta: { failure: "failure.rulesSave", stale },
  });
}

export function useForgetRules() {
  return useMutation({
    mutationFn: () => unwrap(commands.adoptionForget()),
    meta: { failure: "failure.rulesForget", stale },
  });
}
