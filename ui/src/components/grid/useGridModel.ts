import {
  columnSizingFeature,
  columnVisibilityFeature,
  createColumnHelper,
  createSortedRowModel,
  functionalUpdate,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useMemo } from "react";
import { useFormat } from "../../i18n/format";
import { type CellValue, compareValues, type GridColumn } from "./columns";
import { type Arrangement, useArrangement } from "./memory";

const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  columnSizingFeature,
  sortedRowModel: createSortedRowModel(),
});

const noSorting: SortOrder[] = [];

export type SortOrder = { id: string; desc: boolean };

/** Rows that come sorted: who sorts them, and by what. */
export type SortedElsewhere = { order: SortOrder | null; onOrder: (order: SortOrder | null) => void };

/** Sorts rows and knows which columns are visible and how wide; remembers all of it. */
export function useGridModel<T>(
  grid: string,
  columns: readonly GridColumn<T>[],
  rows: T[],
  sort?: SortOrder,
  elsewhere?: SortedElsewhere,
) {
  const format = useFormat();
  const [arrangement, setArrangement] = useArrangement(grid, {
    sorting: sort ? [sort] : [],
    widths: {},
    visibility: {},
  });

  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, object>();
    return helper.columns(
      columns.map((column) =>
        // Absent values are `undefined` to the sorter, which keeps them last in both directions.
        helper.accessor((row) => column.value(row as T) ?? undefined, {
          id: column.id,
          sortUndefined: "last",
          sortFn: (a, b, id) =>
            compareValues(a.getValue<CellValue>(id), b.getValue<CellValue>(id), format.compare),
        }),
      ),
    );
  }, [columns, format]);

  const table = useTable({
    features,
    columns: definitions,
    data: rows as object[],
    state: {
      sorting: elsewhere ? noSorting : arrangement.sorting,
      columnSizing: arrangement.widths,
      columnVisibility: arrangement.visibility,
    },
    onSortingChange: (updater) =>
      setArrangement((old) => ({ ...old, sorting: functionalUpdate(updater, old.sorting) })),
    onColumnVisibilityChange: (updater) =>
      setArrangement((old) => ({ ...old, visibility: functionalUpdate(updater, old.visibility) })),
  });

  const sortedRows = table.getRowModel().rows;
  const sorted = useMemo(() => sortedRows.map((row) => row.original as T), [sortedRows]);
  const visible = useMemo(
    () => columns.filter((column) => arrangement.visibility[column.id] ?? !column.hidden),
    [columns, arrangement.visibility],
  );

  return {
    rows: sorted,
    columns: visible,
    arrangement: elsewhere
      ? { ...arrangement, sorting: elsewhere.order ? [elsewhere.order] : noSorting }
      : arrangement,
    isVisible: (column: GridColumn<T>) => arrangement.visibility[column.id] ?? !column.hidden,
    setSort: (sorting: SortOrder[]) => {
      if (elsewhere) elsewhere.onOrder(sorting[0] ?? null);
      else setArrangement((old) => ({ ...old, sorting }));
    },
    setWidth: (id: string, width: number) =>
      setArrangement((old) => ({ ...old, widths: { ...old.widths, [id]: Math.round(width) } })),
    setVisible: (id: string, shown: boolean) =>
      setArrangement((old) => ({ ...old, visibility: { ...old.visibility, [id]: shown } })),
    reset: () =>
      setArrangement({
        sorting: sort ? [sort] : [],
        widths: {},
        visibility: {},
      } satisfies Arrangement),
  };
}

export type GridModel<T> = ReturnType<typeof useGridModel<T>>;

/** The widths of the visible columns as a CSS grid template, and the least that they need together. */
export function columnLayout<T>(
  columns: readonly GridColumn<T>[],
  widths: Record<string, number>,
  selectable: boolean,
): { template: string; width: number } {
  const tracks = columns.map((column) => {
    const chosen = widths[column.id];
    if (chosen !== undefined) return `${chosen}px`;
    return column.grow ? `minmax(${column.width}px, ${column.grow}fr)` : `${column.width}px`;
  });
  const grows = columns.some((column) => column.grow && widths[column.id] === undefined);
  const box = selectable ? 36 : 0;
  return {
    // Without a column that takes the free width, an empty one does.
    template: [selectable ? `${box}px` : "", ...tracks, grows ? "" : "minmax(0, 1fr)"]
      .filter(Boolean)
      .join(" "),
    width: columns.reduce((sum, column) => sum + (widths[column.id] ?? column.width), box),
  };
}
