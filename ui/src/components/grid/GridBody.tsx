import type { VirtualItem } from "@tanstack/react-virtual";
import { type MouseEvent, useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { GridColumn } from "./columns";
import classes from "./DataGrid.module.css";
import { GridRow } from "./GridRow";
import type { GridCursor } from "./useGridKeys";
import type { Selection } from "./useSelection";

type GridBodyProps<T> = {
  grid: string;
  rows: readonly T[];
  ids: readonly string[];
  columns: readonly GridColumn<T>[];
  /** The rows to draw. */
  items: readonly VirtualItem[];
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

/** The visible rows, moved to their place as one block. */
export function GridBody<T>(props: GridBodyProps<T>) {
  const { grid, rows, ids, columns, items, height, rowName, selection, cursor, onPoint, onToggle, onOpen } =
    props;
  const { t } = useTranslation();
  const selectLabel = useCallback((name: string) => t("grid.selectRow", { name }), [t]);
  return (
    <div role="rowgroup" className={classes.body} style={{ height }}>
      <div
        role="presentation"
        className={classes.window}
        style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}
      >
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <GridRow
              key={ids[item.index]}
              grid={grid}
              row={row}
              index={item.index}
              columns={columns}
              name={rowName(row)}
              selectLabel={selectLabel}
              selectable={selection !== null}
              selected={selection?.has(ids[item.index] ?? "") ?? false}
              cursor={item.index === cursor.row ? cursor.column : -1}
              onPoint={onPoint}
              onToggle={onToggle}
              onOpen={onOpen}
            />
          );
        })}
      </div>
    </div>
  );
}
