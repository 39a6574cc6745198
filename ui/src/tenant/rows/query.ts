import type { Column, FilterOperator, RowFilter, RowQuery } from "../../api/types";
import type { SortOrder } from "../../components/grid/useGridModel";

export const pageSize = 100;

/** Where somebody is in a table. */
export type RowsPlace = { offset: number; order: SortOrder | null; filters: readonly RowFilter[] };

export const start: RowsPlace = { offset: 0, order: null, filters: [] };

export function rowQuery(schema: string, table: string, place: RowsPlace): RowQuery {
  return {
    schema,
    table,
    offset: place.offset,
    limit: pageSize,
    order_by: place.order?.id ?? null,
    descending: place.order?.desc ?? false,
    filters: place.filters.filter((filter) => filter.value !== "" || takesNoValue(filter.operator)),
  };
}

export const takesNoValue = (operator: FilterOperator) =>
  operator === "is_null" || operator === "is_not_null";

/** The comparisons that mean something for a column of this kind. */
export function operatorsFor(column: Column | undefined): FilterOperator[] {
  const nulls: FilterOperator[] = column?.not_null ? [] : ["is_null", "is_not_null"];
  switch (column?.category) {
    case "N":
    case "D":
    case "T":
      return ["equals", "differs", "less", "greater", ...nulls];
    case "B":
    case "E":
      return ["equals", "differs", ...nulls];
    case "S":
      return ["contains", "equals", "differs", "less", "greater", ...nulls];
    default:
      return ["contains", "equals", "differs", ...nulls];
  }
}
