import { memo } from "react";
import type { GridColumn } from "./columns";
import classes from "./DataGrid.module.css";

type GridRowProps<T> = {
  grid: string;
  row: T;
  index: number;
  /** Where it stands, in pixels. */
  top: number;
  columns: readonly GridColumn<T>[];
  name: string;
  /** What the box of a row is called; stable, so that a row is not drawn again for it. */
  selectLabel: (name: string) => string;
  selectable: boolean;
  selected: boolean;
  /** The visible column under the keyboard's cursor, or −1. */
  cursor: number;
  onOpen?: (index: number) => void;
};

export const cellId = (grid: string, row: number, column: number) => `${grid}-${row}-${column}`;

function Row<T>(props: GridRowProps<T>) {
  const { grid, row, index, top, columns, name, selectLabel, selectable, selected, cursor, onOpen } = props;
  return (
    <div
      role="row"
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
      aria-rowindex={index + 2}
      aria-selected={selectable ? selected : undefined}
      data-cursor={cursor >= 0 || undefined}
    >
      {selectable && (
        <div role="gridcell" className={classes.check} aria-colindex={1}>
          <input
            type="checkbox"
            className="checkbox"
            tabIndex={-1}
            checked={selected}
            readOnly
            aria-label={selectLabel(name)}
          />
        </div>
      )}
      {columns.map((column, position) => (
        <div
          key={column.id}
          role="gridcell"
          id={cursor === position ? cellId(grid, index, position) : undefined}
          className={classes.cell}
          aria-colindex={position + (selectable ? 2 : 1)}
          data-align={column.align}
          data-code={column.code || undefined}
          data-cursor={cursor === position || undefined}
        >
          {column.opens && onOpen ? (
            <button type="button" tabIndex={-1} className={classes.open} onClick={() => onOpen(index)}>
              {column.render ? column.render(row) : column.value(row)}
            </button>
          ) : column.render ? (
            column.render(row)
          ) : (
            <span>{column.value(row)}</span>
          )}
        </div>
      ))}
    </div>
  );
}

/**
 * One line of a grid. Drawn again only when something in it changed: scrolling moves thousands of them, so that nothing
 * is attached to a cell that the rows can know together.
 */
export const GridRow = memo(Row) as typeof Row;
