import { keepPreviousData, queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { CreateRequest, RowQuery } from "./types";

/** Every tenant with estimated figures. */
export const tenantListQueryOptions = () =>
  queryOptions({
    queryKey: ["tenants"],
    queryFn: () => unwrap(commands.tenantList()),
    // Whoever comes back to the window sees figures of now, or that nobody answers any more.
    refetchOnWindowFocus: true,
    meta: { tags: ["tenants"] },
  });

/** Exact sizes of all tenants, by schema; slower than the list, so asked for after it. */
export const tenantSizesQueryOptions = () =>
  queryOptions({
    queryKey: ["tenants", "sizes"],
    queryFn: async () => {
      const sizes = await unwrap(commands.tenantSizes());
      return new Map(sizes.map((size) => [size.schema, size.size_bytes]));
    },
    staleTime: 5 * 60_000,
    meta: { tags: ["sizes"] },
  });

export const tenantQueryOptions = (schema: string) =>
  queryOptions({
    queryKey: ["tenant", schema],
    queryFn: () => unwrap(commands.tenantShow(schema)),
    meta: { tags: ["tenants", "tables"] },
  });

export const tableQueryOptions = (schema: string, table: string) =>
  queryOptions({
    queryKey: ["tenant", schema, "table", table],
    queryFn: () => unwrap(commands.tableShow(schema, table)),
    meta: { tags: ["tables"] },
  });

export const rowsQueryOptions = (query: RowQuery) =>
  queryOptions({
    queryKey: ["tenant", query.schema, "rows", query],
    queryFn: () => unwrap(commands.tableRows(query)),
    placeholderData: keepPreviousData,
    meta: { tags: ["rows"] },
  });

/** The exact number of rows that the query's filters let through; asked for by a person. */
export function useCountRows() {
  return useMutation({
    mutationFn: (query: RowQuery) => unwrap(commands.tableCount(query)),
    meta: { failure: "failure.count" },
  });
}

/** The schema name that a display name leads to; an error says why there is none. */
export const schemaNameQueryOptions = (name: string) =>
  queryOptions({
    queryKey: ["schema-name", name],
    queryFn: () => unwrap(commands.tenantSchemaName(name)),
    enabled: name.trim() !== "",
    staleTime: 0,
    meta: { tags: ["tenants"] },
  });

export function usePlanCreate() {
  return useMutation({
    mutationFn: (request: CreateRequest) => unwrap(commands.tenantCreatePlan(request)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

/** Applies a plan to create a tenant; returns the run's id. */
export function useApplyCreate() {
  return useMutation({
    mutationFn: (plan: string) => unwrap(commands.tenantCreateApply(plan)),
    meta: { failure: "failure.create", quiet: true, stale: ["runs"] },
  });
}
