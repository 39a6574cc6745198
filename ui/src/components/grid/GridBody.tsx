import { type MouseEvent, useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { GridColumn } from "./columns";
import classes from "./DataGrid.module.css";
import { GridRow } from "./GridRow";
import type { GridCursor } from "./useGridKeys";
import type { DrawnLine } from "./useRecycledLines";
import type { Selection } from "./useSelection";

type GridBodyProps<T> = {
  grid: string;
  rows: readonly T[];
  ids: readonly string[];
  columns: readonly GridColumn<T>[];
  /** The rows to draw. */
  lines: readonly DrawnLine[];
  /** Of all rows together, in pixels. */
  height: number;
  rowName: (row: T) => string;
  /** `null` where nothing can be selected. */
  selection: Selection | null;
  cursor: GridCursor;
  onPoint: (index: number, column: number, event?: MouseEvent) => void;
  onToggle: (index: number, extend: boolean) => void;
  onOpen?: (index: number) => void;
};

/** Where in the rows something happened: which row, and which visible column unless it was beside them all. */
function placeOf(target: EventTarget, selectable: boolean): { row: number; column?: number } | null {
  const element = target instanceof Element ? target : null;
  const row = element?.closest('[role="row"]')?.getAttribute("aria-rowindex");
  if (!row) return null;
  const cell = Number(element?.closest('[role="gridcell"]')?.getAttribute("aria-colindex") ?? 0);
  const column = cell - (selectable ? 2 : 1);
  return { row: Number(row) - 2, column: column < 0 ? undefined : column };
}

const isBox = (event: MouseEvent) => event.target instanceof HTMLInputElement;

/** The visible rows, each at its place. */
export function GridBody<T>(props: GridBodyProps<T>) {
  const { grid, rows, ids, columns, lines, height, rowName, selection, cursor, onPoint, onToggle, onOpen } =
    props;
  const { t } = useTranslation();
  const selectLabel = useCallback((name: string) => t("grid.selectRow", { name }), [t]);
  const selectable = selection !== null;
  const point = (event: MouseEvent) => {
    const place = placeOf(event.target, selectable);
    if (place?.column !== undefined) {
      onPoint(place.row, place.column, event);
    } else if (place && event.type === "click" && isBox(event)) {
      onPoint(place.row, 0);
      onToggle(place.row, event.shiftKey);
    }
  };
  const openAt = (event: MouseEvent) => {
    const place = placeOf(event.target, selectable);
    if (place && !isBox(event)) onOpen?.(place.row);
  };
  return (
    <div
      role="rowgroup"
      className={classes.body}
      style={{ height }}
      onClick={point}
      onContextMenu={point}
      onDoubleClick={openAt}
    >
      {lines.map(({ index, top, slot }) => {
        const row = rows[index];
        if (row === undefined) return null;
        return (
          <GridRow
            key={slot}
            grid={grid}
            row={row}
            index={index}
            top={top}
            columns={columns}
            name={rowName(row)}
            selectLabel={selectLabel}
            selectable={selectable}
            selected={selection?.has(ids[index] ?? "") ?? false}
            cursor={index === cursor.row ? cursor.column : -1}
            onOpen={onOpen}
          />
        );
      })}
    </div>
  );
}
