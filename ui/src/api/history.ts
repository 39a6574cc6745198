import { queryOptions } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";

/** What the figures of a tenant were, how it grows, and when it reaches its quota. */
export const historyQueryOptions = (schema: string) =>
  queryOptions({
    queryKey: ["history", schema],
    queryFn: async () => {
      const [history] = await unwrap(commands.statsHistory([schema]));
      return history ?? null;
    },
    meta: { tags: ["history"] },
  });

/** How every tenant has changed in the last so many days. */
export const growthQueryOptions = (days: number) =>
  queryOptions({
    queryKey: ["growth", days],
    queryFn: () => unwrap(commands.statsGrowth(days)),
    meta: { tags: ["history"] },
  });

/** How many bytes tenants may have, by schema, where the registry says so. */
export const limitsQueryOptions = () =>
  queryOptions({
    queryKey: ["limits"],
    queryFn: async () => {
      const limits = await unwrap(commands.statsLimits());
      return new Map(limits.map((limit) => [limit.schema, limit.storage_bytes]));
    },
    meta: { tags: ["tenants"] },
  });

/** Keeps the figures of now, unless that was done within the last hour; true when it was done. */
export const keepFigures = async (): Promise<boolean> => (await unwrap(commands.statsSnapshot())) !== null;
