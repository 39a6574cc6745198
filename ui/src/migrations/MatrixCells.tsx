import { memo } from "react";
import classes from "./MatrixGrid.module.css";
import { type CellState, stateOfGlyph } from "./matrix";

/** So many columns are drawn, or left out, together. */
export const blockSize = 8;

type MatrixCellsProps = {
  /** A sign per column of this block. */
  signs: string;
  /** The first column of the block, from 0. */
  first: number;
  /** Where it begins, in pixels. */
  left: number;
  words: Readonly<Record<CellState, string>>;
  /** The column under the keyboard's cursor, as the matrix counts, or −1. */
  cursor: number;
  /** What the cell under the cursor is called. */
  cursorId?: string;
};

function Cells({ signs, first, left, words, cursor, cursorId }: MatrixCellsProps) {
  return (
    <div role="presentation" className={classes.cells} style={{ left }}>
      {[...signs].map((sign, place) => {
        const state = stateOfGlyph[sign] ?? "none";
        const column = first + place + 1;
        return (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: an element shows whatever stands at its place
            key={place}
            role="gridcell"
            aria-colindex={column + 1}
            aria-label={words[state]}
            id={column === cursor ? cursorId : undefined}
            className={classes.cell}
            data-state={state}
            data-cursor={column === cursor || undefined}
          >
            {sign}
          </div>
        );
      })}
    </div>
  );
}

/** Some cells of a line. Most lines look the same, and then there is nothing to draw again for another tenant. */
export const MatrixCells = memo(Cells);
