import type { KeyboardEvent } from "react";
import { hasModifier } from "../../platform/keys";

/** The cell that the keyboard is on: a row of the sorted rows and a visible column. */
export type GridCursor = { row: number; column: number };

type GridKeys = {
  cursor: GridCursor;
  rows: number;
  columns: number;
  /** Rows that fit in the visible part. */
  page: number;
  move: (cursor: GridCursor, extend: boolean) => void;
  open: () => void;
  /** Selects or deselects the row under the cursor; with `extend`, everything from the last one on. */
  toggle: (extend: boolean) => void;
  selectAll: () => void;
  /** False when there was nothing to clear. */
  clear: () => boolean;
  copy: () => void;
};

/** Where a key moves the cursor, or `null` for a key that does not move it. */
export function target(
  key: string,
  far: boolean,
  { cursor, rows, columns, page }: GridKeys,
): GridCursor | null {
  const { row, column } = cursor;
  const inRange = (value: number, length: number) => Math.max(0, Math.min(length - 1, value));
  switch (key) {
    case "ArrowDown":
      return { row: inRange(far ? rows : row + 1, rows), column };
    case "ArrowUp":
      return { row: inRange(far ? 0 : row - 1, rows), column };
    case "ArrowRight":
      return { row, column: inRange(column + 1, columns) };
    case "ArrowLeft":
      return { row, column: inRange(column - 1, columns) };
    case "PageDown":
      return { row: inRange(row + page, rows), column };
    case "PageUp":
      return { row: inRange(row - page, rows), column };
    case "Home":
      return far ? { row: 0, column: 0 } : { row, column: 0 };
    case "End":
      return far ? { row: rows - 1, column: columns - 1 } : { row, column: columns - 1 };
    default:
      return null;
  }
}

/** The keyboard of a grid. */
export function handleGridKey(event: KeyboardEvent, keys: GridKeys): void {
  if (keys.rows === 0 || event.altKey) return;
  const modifier = hasModifier(event);
  const next = target(event.key, modifier, keys);
  if (next) {
    event.preventDefault();
    keys.move(next, event.shiftKey);
    return;
  }
  const letter = event.key.toLowerCase();
  if (event.key === "Enter") keys.open();
  else if (event.key === " ") keys.toggle(event.shiftKey);
  else if (modifier && letter === "a") keys.selectAll();
  // Text that somebody has marked with the mouse is what they want to copy.
  else if (modifier && letter === "c" && (getSelection()?.isCollapsed ?? true)) keys.copy();
  else if (event.key === "Escape") {
    if (!keys.clear()) return;
    event.stopPropagation();
  } else return;
  event.preventDefault();
}
