import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { settingsQueryOptions } from "../api/settings";
import type { Table, TenantDetail } from "../api/types";
import { EmptyState } from "../components/empty/EmptyState";
import { Bytes, Figure, Percent } from "../components/figures/Figure";
import { RelativeTime } from "../components/figures/RelativeTime";
import { ColumnsMenu } from "../components/grid/ColumnsMenu";
import type { GridColumn } from "../components/grid/columns";
import { DataGrid } from "../components/grid/DataGrid";
import { useGridModel } from "../components/grid/useGridModel";
import { SearchField } from "../components/search/SearchField";
import { fold, matcher } from "../tenants/search";
import classes from "./TablesTab.module.css";

type TablesTabProps = { tenant: TenantDetail; onTable: (table: string) => void };
const tableName = (table: Table) => table.table;

/** The tables of a tenant with their figures. */
export function TablesTab({ tenant, onTable }: TablesTabProps) {
  const { t } = useTranslation(["tenant", "common"]);
  const { data: settings } = useQuery(settingsQueryOptions());
  const [search, setSearch] = useState("");
  const grid = useRef<HTMLDivElement>(null);
  const columns = useMemo(() => tableColumns(t), [t]);
  const shown = useMemo(
    () => tenant.tables.filter((table) => matcher(search)(fold(table.table))),
    [tenant.tables, search],
  );
  const model = useGridModel("tables", columns, shown, { id: "table", desc: false });
  return (
    <div className={classes.tab}>
      <search className={classes.toolbar}>
        <SearchField
          label={t("tenant:searchTables")}
          value={search}
          onChange={setSearch}
          onLeave={() => grid.current?.focus()}
        />
        <span className={classes.space} />
        <ColumnsMenu model={model} columns={columns} />
      </search>
      <div className={classes.frame}>
        <DataGrid
          model={model}
          label={t("tenant:tab.tables")}
          rowId={tableName}
          dense={settings?.dense ?? true}
          onOpen={(table) => onTable(table.table)}
          focusRef={grid}
          empty={
            <EmptyState title={t(tenant.tables.length === 0 ? "tenant:noTables" : "tenant:noTablesFit")}>
              {tenant.tables.length === 0 && t("tenant:noTablesText")}
            </EmptyState>
          }
        />
      </div>
    </div>
  );
}

function tableColumns(t: TFunction<["tenant", "common"]>): GridColumn<Table>[] {
  const number = (
    id: "rows" | "dead_rows" | "columns" | "indexes" | "seq_scans" | "index_scans" | "writes",
    header: string,
    width: number,
    hidden = false,
  ): GridColumn<Table> => ({
    id,
    header,
    value: (table) => table[id],
    render: (table) => <Figure value={table[id]} estimated={id === "rows" && table.rows_estimated} />,
    align: "end",
    width,
    hidden,
  });
  return [
    {
      id: "table",
      header: t("tenant:column.table"),
      value: tableName,
      render: (table) => (
        <span title={table.comment ?? table.table}>
          <code>{table.table}</code>
        </span>
      ),
      width: 170,
      grow: 2,
      hideable: false,
      opens: true,
    },
    {
      id: "kind",
      header: t("tenant:column.kind"),
      value: (table) => t(`tenant:kind.${table.kind}`),
      width: 110,
      hidden: true,
    },
    number("rows", t("tenant:column.rows"), 96),
    {
      id: "size",
      header: t("tenant:column.size"),
      value: (table) => table.size_bytes,
      render: (table) => <Bytes value={table.size_bytes} estimated={table.size_estimated} />,
      align: "end",
      width: 92,
    },
    {
      id: "index_size",
      header: t("tenant:column.indexSize"),
      value: (table) => table.index_bytes,
      render: (table) => <Bytes value={table.index_bytes} estimated={table.size_estimated} />,
      align: "end",
      width: 92,
    },
    number("dead_rows", t("tenant:column.dead"), 96),
    number("columns", t("tenant:column.columns"), 84),
    number("indexes", t("tenant:structure.indexes"), 76, true),
    number("seq_scans", t("tenant:column.seqScans"), 104),
    number("index_scans", t("tenant:column.indexScans"), 104),
    number("writes", t("tenant:column.writes"), 92, true),
    {
      id: "cache_hit",
      header: t("tenant:column.cache"),
      value: (table) => table.cache_hit,
      render: (table) => <Percent value={table.cache_hit} />,
      align: "end",
      width: 88,
    },
    {
      id: "last_vacuum",
      header: t("tenant:column.vacuum"),
      value: (table) => table.last_vacuum,
      render: (table) => <RelativeTime value={table.last_vacuum} />,
      width: 118,
    },
    {
      id: "last_analyze",
      header: t("tenant:column.analyze"),
      value: (table) => table.last_analyze,
      render: (table) => <RelativeTime value={table.last_analyze} />,
      width: 118,
      hidden: true,
    },
    {
      id: "comment",
      header: t("tenant:column.comment"),
      value: (table) => table.comment,
      width: 180,
      hidden: true,
    },
  ];
}
