import { queryOptions } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";

/** What the figures of a tenant were, how it grows, and when it reaches a limit of bytes. */
export const historyQueryOptions = (schema: string, limit: number | null = null) =>
  queryOptions({
    queryKey: ["history", schema, limit],
    queryFn: async () => {
      const [history] = await unwrap(commands.statsHistory([schema], limit));
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

/** Keeps the figures of now, unless that was done within the last hour; true when it was done. */
export const keepFigures = async (): Promise<boolean> => (await unwrap(commands.statsSnapshot())) !== null;
