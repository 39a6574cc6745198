import type { VirtualItem } from "@tanstack/react-virtual";
import { memo } from "react";
import type { GridCursor } from "../components/grid/useGridKeys";
import { Sign, Status, type Tone } from "../components/status/Status";
import { blockSize, MatrixCells } from "./MatrixCells";
import classes from "./MatrixGrid.module.css";
import type { CellState, MatrixColumn, MatrixRow, Standing } from "./matrix";

export const matrixCellId = (grid: string, at: GridCursor) => `${grid}-${at.row}-${at.column}`;

const tones: Record<Standing, Tone> = { current: "ok", behind: "warn", problem: "bad", noHistory: "off" };

/** The words of the matrix in the window's language, looked up once for thousands of cells. */
export type MatrixWords = {
  states: Readonly<Record<CellState, string>>;
  standing: (row: MatrixRow) => string;
  select: (name: string) => string;
  /** All about one cell. */
  cell: (row: MatrixRow, column: MatrixColumn) => string;
};

type MatrixRowProps = {
  grid: string;
  row: MatrixRow;
  index: number;
  top: number;
  /** The blocks of columns to draw, and how many elements there are for them. */
  blocks: readonly VirtualItem[];
  slots: number;
  selected: boolean;
  compact: boolean;
  /** The column under the keyboard's cursor, 0 for the tenant, or −1. */
  cursor: number;
  words: MatrixWords;
};

/** One tenant: name, how far it is, and a cell per migration. The grid hears its clicks, by the numbers of row and column. */
function RowView(props: MatrixRowProps) {
  const { grid, row, index, top, blocks, slots, selected, compact, cursor, words } = props;
  const { name, schema } = row.tenant;
  const standing = words.standing(row);
  const tone = tones[row.standing];
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        id={cursor === 0 ? matrixCellId(grid, { row: index, column: 0 }) : undefined}
        className={classes.name}
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
      {blocks.map((block) => {
        const first = block.index * blockSize;
        const inside = cursor > first && cursor <= first + blockSize;
        return (
          <MatrixCells
            key={block.index % slots}
            signs={row.signs.slice(first, first + blockSize)}
            first={first}
            left={block.start}
            words={words.states}
            cursor={inside ? cursor : -1}
            cursorId={inside ? matrixCellId(grid, { row: index, column: cursor }) : undefined}
          />
        );
      })}
    </div>
  );
}

/** Drawn again only when something in it changed: scrolling moves tens of thousands of cells. */
export const MatrixRowView = memo(RowView);
