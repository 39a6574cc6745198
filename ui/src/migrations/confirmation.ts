import { useQuery } from "@tanstack/react-query";
import { connectionQueryOptions } from "../api/connection";
import type { Plan } from "../api/types";

/** What has to be typed before this plan is applied: more than one tenant loses something, or one in production. */
export function useConfirmation(plan: Plan | undefined): string | undefined {
  const { data: connection } = useQuery(connectionQueryOptions());
  if (plan?.kind !== "migrate_down" || !connection) return undefined;
  const [only, ...others] = plan.tenants.filter((tenant) => tenant.skipped === null);
  if (!only) return undefined;
  if (others.length > 0) return connection.server.database;
  const production = connection.profile.environment === "production" && !connection.demo;
  return production ? only.schema : undefined;
}
