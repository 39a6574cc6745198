import { copyText } from "../../platform/clipboard";
import { announceCopy } from "./announce";
import { cellText, type GridColumn, rowsText } from "./columns";
import type { GridCursor } from "./useGridKeys";

/** What to put on the clipboard. */
export type Copied = "cell" | "row" | "selection";

/** Copies the cell or row under the cursor, or the chosen rows, and says so. */
export function copyFromGrid<T>(
  what: Copied,
  columns: readonly GridColumn<T>[],
  cursor: GridCursor,
  row: T | undefined,
  chosen: readonly T[],
): void {
  const column = columns[cursor.column];
  if (row === undefined || column === undefined) return;
  const text = what === "cell" ? cellText(column, row) : rowsText(columns, what === "row" ? [row] : chosen);
  const rows = what === "cell" ? null : what === "row" ? 1 : chosen.length;
  void copyText(text).then(() => announceCopy(rows));
}
