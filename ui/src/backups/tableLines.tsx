import type { TFunction } from "i18next";
import type { TenantComparison, WorkbookCard, WorkbookCheck } from "../api/types";
import { Figure, Unknown } from "../components/figures/Figure";
import type { GridColumn } from "../components/grid/columns";
import { Status } from "../components/status/Status";

/** A table of a workbook, or one that only the tenant has. */
export type TableLine = {
  table: string;
  /** Rows in the file; `null` for a table that is not in it. */
  rows: number | null;
  /** Every row is what was written; `null` before anybody has looked. */
  asWritten: boolean | null;
  changes: number;
  /** Rows of the tenant now; `null` where it has no such table. */
  now: number | null;
  /** The tenant holds the same rows; `null` before anybody has compared. */
  equal: boolean | null;
};

export function tableLines(
  card: WorkbookCard,
  check: WorkbookCheck | undefined,
  comparison: TenantComparison | undefined,
): TableLine[] {
  const checked = new Map(check?.tables.map((table) => [table.table, table]));
  const compared = new Map(comparison?.tables.map((table) => [table.table, table]));
  const written = card.tables.map(({ table, rows }) => ({
    table,
    rows,
    asWritten: checked.get(table)?.equal ?? null,
    changes: checked.get(table)?.changed.length ?? 0,
    now: compared.get(table)?.rows_now ?? null,
    equal: compared.get(table)?.equal ?? null,
  }));
  const added = (comparison?.new_tables ?? []).map((table) => ({
    table,
    rows: null,
    asWritten: null,
    changes: 0,
    now: null,
    equal: false,
  }));
  return [...written, ...added];
}

type Shown = { checked: boolean; against: string | null };

/** The columns of a workbook's tables; what was not asked for is not there. */
export function tableColumns(t: TFunction<"backups">, { checked, against }: Shown): GridColumn<TableLine>[] {
  const contents: GridColumn<TableLine> = {
    id: "contents",
    header: t("column.contents"),
    value: (line) => contentsWord(t, line),
    render: (line) =>
      line.asWritten === null ? (
        <Unknown />
      ) : (
        <Status tone={line.asWritten ? "ok" : "bad"} label={contentsWord(t, line) ?? ""} />
      ),
    width: 108,
  };
  const compared: GridColumn<TableLine>[] = [
    {
      id: "now",
      header: t("column.now"),
      value: (line) => line.now,
      render: (line) => <Figure value={line.now} />,
      align: "end",
      width: 104,
    },
    {
      id: "equal",
      header: t("column.equal"),
      value: (line) => equalWord(t, line),
      render: (line) => <Status tone={line.equal ? "ok" : "warn"} label={equalWord(t, line)} />,
      width: 124,
    },
  ];
  return [
    {
      id: "table",
      header: t("column.table"),
      value: (line) => line.table,
      render: (line) => <bdi title={line.table}>{line.table}</bdi>,
      width: 120,
      grow: 1,
      hideable: false,
      code: true,
    },
    {
      id: "rows",
      header: t("column.rows"),
      value: (line) => line.rows,
      render: (line) => <Figure value={line.rows} />,
      align: "end",
      width: 96,
    },
    ...(checked ? [contents] : []),
    ...(against === null ? [] : compared),
  ];
}

function contentsWord(t: TFunction<"backups">, line: TableLine): string | null {
  if (line.asWritten === null) return null;
  if (line.asWritten) return t("contents.asWritten");
  return t("contents.changed");
}

function equalWord(t: TFunction<"backups">, line: TableLine): string {
  if (line.equal) return t("equal.same");
  if (line.rows === null) return t("equal.added");
  if (line.now === null) return t("equal.gone");
  return t(line.now === line.rows ? "equal.values" : "equal.rows");
}
