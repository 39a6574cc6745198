import type { TenantSummary } from "../api/types";
import { matcher, searchable } from "./search";

export type TenantFilters = {
  search: string;
  state: ReadonlySet<string>;
  version: ReadonlySet<string>;
  template: ReadonlySet<string>;
};

export const noFilters: TenantFilters = {
  search: "",
  state: new Set(),
  version: new Set(),
  template: new Set(),
};

/** What the filters see of a tenant. A tenant that is behind has two versions: its own, and "behind". */
export const facets = {
  state: (tenant: TenantSummary) => [tenant.readable ? tenant.state : "unreadable"],
  version: (tenant: TenantSummary) => [
    tenant.version === null ? "none" : String(tenant.version),
    ...((tenant.pending ?? 0) > 0 ? ["pending"] : []),
  ],
  template: (tenant: TenantSummary) => [tenant.template ?? "none"],
} satisfies Record<string, (tenant: TenantSummary) => string[]>;

export type Facet = keyof typeof facets;

const passes = (wanted: ReadonlySet<string>, values: string[]) =>
  wanted.size === 0 || values.some((value) => wanted.has(value));

export function filterTenants<T extends TenantSummary>(tenants: readonly T[], filters: TenantFilters): T[] {
  const words = filters.search.trim();
  const fits = matcher(words);
  return tenants.filter(
    (tenant) =>
      passes(filters.state, facets.state(tenant)) &&
      passes(filters.version, facets.version(tenant)) &&
      passes(filters.template, facets.template(tenant)) &&
      (words === "" || fits(searchable(tenant))),
  );
}

/** How many tenants there are of each value. */
export function countFacet(tenants: readonly TenantSummary[], facet: Facet): Map<string, number> {
  const counts = new Map<string, number>();
  for (const tenant of tenants) {
    for (const value of facets[facet](tenant)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

export const isFiltered = (filters: TenantFilters) =>
  filters.search.trim() !== "" || filters.state.size + filters.version.size + filters.template.size > 0;
