import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { whileKept } from "./client";
import { unwrap } from "./error";
import type { Figures } from "./types";

// Figures of a large fleet are many: comparing what comes with what was there, and keeping what nobody looks at, costs more than
// reading them again.
const passing = { structuralSharing: false, gcTime: 30_000, meta: { tags: ["stats"] } } as const;

/** Figures of these tenants, table by table: with sizes from the files, or with rows counted. */
export const statsQueryOptions = (tenants: readonly string[], figures: Figures) =>
  queryOptions({
    queryKey: ["stats", tenants, figures],
    queryFn: () => unwrap(commands.stats([...tenants], figures)),
    enabled: tenants.length > 0,
    ...passing,
  });

/** After what has just been kept is on the screen; not while the window shows nothing. */
const drawn = () =>
  new Promise((resolve) => setTimeout(() => requestAnimationFrame(() => setTimeout(resolve))));

/** The same at once: as the catalogs know them, until the files of a large fleet have been looked at, which takes seconds. */
export const statsAtOnceQueryOptions = (tenants: readonly string[]) =>
  queryOptions({
    queryKey: ["stats", tenants, "at_once"],
    queryFn: async ({ client, queryKey }) => {
      if (client.getQueryData(queryKey) === undefined) {
        const kept = whileKept(client, queryKey);
        const estimate = await unwrap(commands.stats([...tenants], "estimated"));
        if (!kept()) return estimate;
        client.setQueryData(queryKey, estimate);
        // Looking at the files keeps the machine busy, and somebody waits for what is there already.
        await drawn();
      }
      return unwrap(commands.stats([...tenants], "exact_sizes"));
    },
    enabled: tenants.length > 0,
    ...passing,
  });

/** Writes the comparison as an Excel file; `null` when the person closed the dialog. */
export function useExportComparison() {
  return useMutation({
    mutationFn: (request: { tenants: readonly string[]; exact: boolean; language: string }) =>
      unwrap(commands.compareExport([...request.tenants], request.exact, request.language)),
    meta: { failure: "failure.compareExport", stale: ["journal"] },
  });
}
