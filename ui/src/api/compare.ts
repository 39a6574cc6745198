import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { Figures } from "./types";

/** Figures of these tenants, table by table: as they are known at once, with sizes from the files, or with rows counted. */
export const statsQueryOptions = (tenants: readonly string[], figures: Figures) =>
  queryOptions({
    queryKey: ["stats", tenants, figures],
    queryFn: () => unwrap(commands.stats([...tenants], figures)),
    enabled: tenants.length > 0,
    meta: { tags: ["stats"] },
  });

/** Writes the comparison as an Excel file; `null` when the person closed the dialog. */
export function useExportComparison() {
  return useMutation({
    mutationFn: (request: { tenants: readonly string[]; exact: boolean; language: string }) =>
      unwrap(commands.compareExport([...request.tenants], request.exact, request.language)),
    meta: { failure: "failure.compareExport", stale: ["journal"] },
  });
}
