import type { ReactElement } from "react";

/** What a cell holds, for sorting and copying. `null` sorts last, whichever way. */
export type CellValue = string | number | boolean | null;

/** A column of a grid. */
export type GridColumn<T> = {
  id: string;
  header: string;
  /** A second line under the heading, such as a type. */
  note?: string;
  /** The value to sort by and to copy. */
  value: (row: T) => CellValue;
  /** What the cell shows; the value when absent. One element, which is cut short where the cell ends: mere text would not be. */
  render?: (row: T) => ReactElement | null;
  /** What copying puts on the clipboard, when it is not the value. */
  text?: (row: T) => string;
  /** `end` for figures. */
  align?: "start" | "end";
  /** Width in pixels, and the least that resizing allows. */
  width: number;
  minWidth?: number;
  /** Share of the free width that the column takes until somebody resizes it. */
  grow?: number;
  /** False for a column that can never be hidden, such as the name. */
  hideable?: boolean;
  /** Not shown until somebody asks for it. */
  hidden?: boolean;
  sortable?: boolean;
  /** Identifiers and SQL in the code face. */
  code?: boolean;
  /** Opens the row on a single click. */
  opens?: boolean;
};

/** The text that a cell puts on the clipboard: one line, no tabulator, so that it stays one cell in a sheet. */
export function cellText<T>(column: GridColumn<T>, row: T): string {
  const text = column.text ? column.text(row) : (column.value(row) ?? "").toString();
  return text.replace(/[\t\r\n]+/g, " ");
}

/** Rows as tab-separated lines under a line of headings, as sheets take them. */
export function rowsText<T>(columns: readonly GridColumn<T>[], rows: readonly T[]): string {
  const lines = [columns.map((column) => column.header).join("\t")];
  for (const row of rows) lines.push(columns.map((column) => cellText(column, row)).join("\t"));
  return lines.join("\n");
}

/** Orders two values as a person of this language expects; `null` is handled by the caller. */
export function compareValues(
  a: CellValue,
  b: CellValue,
  compareText: (a: string, b: string) => number,
): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  return compareText(String(a), String(b));
}
