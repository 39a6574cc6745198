import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { classesQueryOptions, structureComparisonQueryOptions } from "../api/structure";
import { tenantListQueryOptions } from "../api/tenants";
import type { StructureOptions, TenantSummary } from "../api/types";

const noTenants: TenantSummary[] = [];

/** Which structures are looked at. The choice is part of the place, so that it lasts over a reload. */
export type StructureChoice = { reference: string | null; tenant: string | null };

/** What the place of structures shows: the classes of the fleet, or two tenants. */
export function useStructures() {
  const search = useSearch({ from: "/frame/database/compare/structure" });
  const navigate = useNavigate();
  const [options, setOptions] = useState<StructureOptions>({ column_order: false, grants: false });
  const list = useQuery(tenantListQueryOptions());
  const tenants = list.data?.tenants ?? noTenants;
  const choice: StructureChoice = { reference: search.reference ?? null, tenant: search.tenant ?? null };
  // Two named tenants need no look at the others.
  const needsFleet = choice.tenant === null || choice.reference === null;
  const fleet = useQuery({
    ...classesQueryOptions(choice.reference, options),
    enabled: tenants.length > 0 && needsFleet,
  });
  /** The tenant that is the measure, once that is known. */
  const reference = choice.reference ?? fleet.data?.reference ?? null;
  const two = useQuery({
    ...structureComparisonQueryOptions(reference ?? "", choice.tenant ?? "", options),
    enabled: reference !== null && choice.tenant !== null && reference !== choice.tenant,
  });
  const choose = (next: StructureChoice) =>
    void navigate({
      to: "/compare/structure",
      search: { reference: next.reference ?? undefined, tenant: next.tenant ?? undefined },
    });
  return {
    loaded: list.data !== undefined,
    tenants,
    choice,
    choose,
    options,
    setOptions,
    reference,
    fleet,
    two,
    failedFleet: needsFleet && fleet.data === undefined ? fleet.error : null,
    nameOf: (schema: string) => tenants.find((one) => one.schema === schema)?.name ?? schema,
  };
}

export type Structures = ReturnType<typeof useStructures>;
