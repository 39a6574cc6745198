import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { returnReportQueryOptions } from "../api/archives";
import type { ProvenTable, RestoredTable, RunSummary } from "../api/types";
import { restoreReportQueryOptions } from "../api/workbooks";
import { Figure } from "../components/figures/Figure";
import type { GridColumn } from "../components/grid/columns";
import { DataGrid } from "../components/grid/DataGrid";
import { useGridModel } from "../components/grid/useGridModel";
import { Sign, Status } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import classes from "./RestoreReport.module.css";
import { remarkText } from "./remarks";

type ReportTable = RestoredTable | ProvenTable;
const noTables: ReportTable[] = [];
const nameOf = (table: ReportTable) => table.table;

/** What a run that brought a tenant back, or tried that out, has found: table by table, and what is not as it was. */
export function RestoreReportView({ summary }: { summary: RunSummary }) {
  const { t } = useTranslation("backups");
  const format = useFormat();
  const ofWorkbook = useQuery({
    ...restoreReportQueryOptions(summary.run),
    enabled: summary.kind === "restore" && summary.done > 0,
  });
  const ofArchive = useQuery({ ...returnReportQueryOptions(summary.run), enabled: summary.done > 0 });
  const restored = ofWorkbook.data ?? null;
  const returned = ofArchive.data ?? null;
  const tables: ReportTable[] = restored?.tables ?? returned?.tables ?? noTables;
  const columns = useMemo(() => reportColumns(t), [t]);
  const model = useGridModel("backups.report", columns, tables);
  if (summary.done === 0 || ofWorkbook.isLoading || ofArchive.isLoading) return null;
  if (!restored && !returned) return <p className={classes.gone}>{t("report.gone")}</p>;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const differing = tables.filter((table) => !table.equal).length;
  const tried = summary.kind === "verify_backup";
  const remarks = [
    ...((restored ?? returned)?.remarks.map((remark) => remarkText(t, remark)) ?? []),
    ...(returned && !returned.shape_compared ? [t("report.shapeNotCompared")] : []),
    ...(returned?.left.map((object) => t("report.left", { object })) ?? []),
    ...(returned && !returned.grants_equal ? [t("report.grants")] : []),
    ...(returned?.mentions.map((routine) => t("report.mentions", { routine })) ?? []),
  ];
  return (
    <section className={classes.report} aria-label={t("report.label")}>
      <div className={classes.verdict}>
        <p className={classes.title}>
          <Sign tone={differing === 0 ? "ok" : "warn"} />
          {differing === 0
            ? t(tried ? "report.tried" : "report.equal")
            : t("report.differs", { count: differing })}
        </p>
        <p className={classes.text}>
          {t("report.figures", { count: tables.length, rows: format.number(rows) })}
        </p>
        {remarks.length > 0 && (
          <>
            <p className={classes.remarksTitle}>{t("report.remarks", { count: remarks.length })}</p>
            <ul className={classes.remarks}>
              {remarks.map((remark) => (
                <li key={remark}>{remark}</li>
              ))}
            </ul>
          </>
        )}
      </div>
      <DataGrid
        model={model}
        label={t("report.tables")}
        rowId={nameOf}
        empty={<p className={classes.text}>{t("workbook.noTables")}</p>}
      />
    </section>
  );
}

function reportColumns(t: TFunction<"backups">): GridColumn<ReportTable>[] {
  const word = (table: ReportTable) => t(table.equal ? "report.column.same" : "report.column.edited");
  return [
    {
      id: "table",
      header: t("column.table"),
      value: (table) => table.table,
      render: (table) => <bdi title={table.table}>{table.table}</bdi>,
      width: 160,
      grow: 1,
      hideable: false,
      code: true,
    },
    {
      id: "rows",
      header: t("column.rows"),
      value: (table) => table.rows,
      render: (table) => <Figure value={table.rows} />,
      align: "end",
      width: 110,
    },
    {
      id: "equal",
      header: t("report.column.digest"),
      value: word,
      render: (table) => <Status tone={table.equal ? "ok" : "warn"} label={word(table)} />,
      width: 190,
    },
    {
      id: "digest",
      header: t("report.column.value"),
      value: (table) => table.digest,
      render: (table) => <span title={table.digest}>{table.digest}</span>,
      width: 180,
      grow: 1,
      code: true,
    },
  ];
}
