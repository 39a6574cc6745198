import type { Column, RowPage } from "../../api/types";
import type { GridColumn } from "../../components/grid/columns";
import classes from "./RowsTab.module.css";

/** A row with its place in the sorted, filtered table, from 1. */
export type GridLine = { number: number; cells: readonly (string | null)[] };

export type CellWords = { empty: string; true: string; false: string };

export const gridLines = (page: RowPage): GridLine[] =>
  page.rows.map((cells, index) => ({ number: page.offset + index + 1, cells }));

/** A column per column of the table, as wide as its type usually needs. */
export function rowColumns(columns: readonly Column[], words: CellWords): GridColumn<GridLine>[] {
  return columns.map((column, index) => ({
    id: column.name,
    header: column.name,
    note: column.data_type,
    value: (line) => line.cells[index] ?? null,
    render: (line) => <Cell value={line.cells[index] ?? null} category={column.category} words={words} />,
    align: column.category === "N" ? "end" : "start",
    width: widthFor(column),
    minWidth: 60,
    code: column.category === "U",
  }));
}

function widthFor(column: Column): number {
  const heading = Math.max(column.name.length * 8, column.data_type.length * 7) + 30;
  const long = /^(bigint|numeric|money)/.test(column.data_type);
  const usual = {
    N: long ? 140 : 90,
    B: 80,
    D: column.data_type.startsWith("timestamp") ? 160 : 100,
    S: 190,
    U: 240,
  };
  return Math.min(260, Math.max(heading, usual[column.category as keyof typeof usual] ?? 120));
}

/** A value as PostgreSQL wrote it; NULL and the empty text look like nothing else. */
export function Cell({
  value,
  category,
  words,
}: {
  value: string | null;
  category: string;
  words: CellWords;
}) {
  if (value === null) return <span className={classes.null}>NULL</span>;
  if (value === "") return <span className={classes.null}>{words.empty}</span>;
  if (category === "B") return <span>{value === "t" || value === "true" ? words.true : words.false}</span>;
  return <span title={value.length > 24 ? value : undefined}>{value}</span>;
}
