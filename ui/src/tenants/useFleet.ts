import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { tenantListQueryOptions, tenantSizesQueryOptions } from "../api/tenants";
import type { TenantSummary } from "../api/types";

const none: TenantSummary[] = [];

/** The tenants; exact sizes take the place of the estimated ones when they come. */
export function useFleet() {
  const list = useQuery(tenantListQueryOptions());
  const sizes = useQuery({ ...tenantSizesQueryOptions(), enabled: (list.data?.tenants.length ?? 0) > 0 });
  const tenants = useMemo(() => {
    const read = list.data?.tenants ?? none;
    const exact = sizes.data;
    if (!exact) return read;
    return read.map((tenant) => {
      const size = exact.get(tenant.schema);
      return size === undefined ? tenant : { ...tenant, size_bytes: size, size_estimated: false };
    });
  }, [list.data, sizes.data]);
  return { list, tenants, measuring: sizes.isFetching };
}
