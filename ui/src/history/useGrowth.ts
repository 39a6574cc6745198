import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { growthQueryOptions } from "../api/history";
import type { TenantGrowth } from "../api/types";

/** Growth of a month, or of a week where the history is not older. */
const periods = [30, 7] as const;

/** How every tenant has grown, by schema; `days` is `null` where there is no history that is old enough. */
export function useGrowth(enabled = true) {
  const month = useQuery({ ...growthQueryOptions(periods[0]), enabled });
  const young = month.data !== undefined && month.data.from === null && month.data.snapshots > 1;
  const week = useQuery({ ...growthQueryOptions(periods[1]), enabled: enabled && young });
  const known = week.data?.from ? week.data : month.data;
  return useMemo(() => {
    const bySchema = new Map<string, TenantGrowth>();
    for (const tenant of known?.tenants ?? []) bySchema.set(tenant.schema, tenant);
    return {
      loaded: known !== undefined,
      days: known?.from ? known.days : null,
      from: known?.from ?? null,
      since: known?.since ?? null,
      bySchema,
    };
  }, [known]);
}
