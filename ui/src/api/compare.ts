import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";

/** Figures of these tenants, table by table. `exact` counts rows instead of estimating. */
export const statsQueryOptions = (tenants: readonly string[], exact: boolean) =>
  queryOptions({
    queryKey: ["stats", tenants, exact],
    queryFn: () => unwrap(commands.stats([...tenants], exact)),
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
