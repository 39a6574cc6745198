import type { VirtualItem } from "@tanstack/react-virtual";
import { memo } from "react";
import type { GridCursor } from "../components/grid/useGridKeys";
import { Sign, Status, type Tone } from "../components/status/Status";
import classes from "./MatrixGrid.module.css";
import { type CellState, glyphs, type MatrixColumn, type MatrixRow, type Standing } from "./matrix";

export const matrixCellId = (grid: string, at: GridCursor) => `${grid}-${at.row}-${at.column}`;

const tones: Record<Standing, Tone> = { current: "ok", behind: "warn", problem: "bad" };

/** The words of the matrix in the window's language, looked up once for thousands of cells. */
export type MatrixWords = {
  states: Readonly<Record<CellState, string>>;
  standing: (row: MatrixRow) => string;
  select: (name: string) => string;
};

type MatrixRowProps = {
  grid: string;
  row: MatrixRow;
  index: number;
  top: number;
  columns: readonly MatrixColumn[];
  visible: readonly VirtualItem[];
  selected: boolean;
  compact: boolean;
  /** The column under the keyboard's cursor, 0 for the tenant, or −1. */
  cursor: number;
  words: MatrixWords;
};

/** One tenant: name, how far it is, and a cell per migration. The grid hears its clicks, by the `data-` marks. */
function RowView(props: MatrixRowProps) {
  const { grid, row, index, top, columns, visible, selected, compact, cursor, words } = props;
  const { name, schema } = row.tenant;
  const standing = words.standing(row);
  const tone = tones[row.standing];
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-row={index}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        id={matrixCellId(grid, { row: index, column: 0 })}
        className={classes.name}
        data-column={0}
        data-cursor={cursor === 0 || undefined}
      >
        <input
          type="checkbox"
          className="checkbox"
          tabIndex={-1}
          checked={selected}
          readOnly
          aria-label={words.select(name)}
        />
        <button type="button" tabIndex={-1} className={classes.tenant} title={`${name} · ${schema}`}>
          <bdi>{name}</bdi>
        </button>
        <span className={classes.standing} data-compact={compact || undefined} title={standing}>
          {compact ? (
            <>
              <Sign tone={tone} />
              <span className="visually-hidden">{standing}</span>
            </>
          ) : (
            <Status tone={tone} label={standing} />
          )}
        </span>
      </div>
      {visible.map((item) => {
        const column = columns[item.index];
        if (!column) return null;
        const state = row.states.get(column.version) ?? "none";
        return (
          <div
            key={column.version}
            role="gridcell"
            aria-colindex={item.index + 2}
            aria-label={words.states[state]}
            id={matrixCellId(grid, { row: index, column: item.index + 1 })}
            className={classes.cell}
            style={{ left: item.start }}
            data-column={item.index + 1}
            data-state={state}
            data-cursor={cursor === item.index + 1 || undefined}
            title={`${name} · ${column.version} ${column.migration?.description ?? ""} · ${words.states[state]}`}
          >
            {glyphs[state]}
          </div>
        );
      })}
    </div>
  );
}

/** Drawn again only when something in it changed: scrolling moves tens of thousands of cells. */
export const MatrixRowView = memo(RowView);
