import { IconTable } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { settingsQueryOptions } from "../../api/settings";
import type { Storage, TableStorage } from "../../api/types";
import { EmptyState } from "../../components/empty/EmptyState";
import { Bytes, Figure } from "../../components/figures/Figure";
import { RelativeTime } from "../../components/figures/RelativeTime";
import type { GridColumn } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useGridModel } from "../../components/grid/useGridModel";
import { nothingSelected } from "../../components/grid/useSelection";
import { Sign } from "../../components/status/Status";
import { TableActions } from "./TableActions";
import classes from "./Watch.module.css";
import type { Translate } from "./words";

const idOf = (table: TableStorage) => JSON.stringify([table.schema, table.name]);
const nameOf = (table: TableStorage) => `${table.schema}.${table.name}`;

/** The largest tables, with what of them is air. */
export function TablesView({ storage }: { storage: Storage }) {
  const { t } = useTranslation("watch");
  const navigate = useNavigate();
  const { data: settings } = useQuery(settingsQueryOptions());
  const [selected, select] = useState<ReadonlySet<string>>(nothingSelected);
  const columns = useMemo(() => tableColumns(t), [t]);
  const model = useGridModel("storageTables", columns, storage.tables, { id: "total", desc: true });
  const chosen = storage.tables.filter((table) => selected.has(idOf(table)));
  return (
    <>
      <DataGrid
        model={model}
        label={t("storage.list")}
        rowId={idOf}
        rowName={nameOf}
        dense={settings?.dense ?? true}
        selected={selected}
        onSelect={select}
        onOpen={(table) =>
          table.in_tenant && void navigate({ to: "/tenants/$schema", params: { schema: table.schema } })
        }
        empty={<EmptyState icon={<IconTable size={36} stroke={1.3} />} title={t("storage.none.tables")} />}
      />
      <ul className={classes.notes}>
        <li>
          <Sign tone="info" />
          {t("storage.estimate")}
        </li>
        {storage.not_estimated > 0 && (
          <li>
            <Sign tone="warn" />
            {t("storage.notEstimated", { count: storage.not_estimated })}
          </li>
        )}
      </ul>
      <TableActions tables={chosen} />
    </>
  );
}

function tableColumns(t: Translate): GridColumn<TableStorage>[] {
  const size = (
    id: "total" | "heap" | "toast" | "indexes" | "bloat",
    value: (table: TableStorage) => number | null,
    estimated = false,
  ): GridColumn<TableStorage> => ({
    id,
    header: t(`storage.column.${id}`),
    value,
    render: (table) => <Bytes value={value(table)} estimated={estimated || table.estimated} />,
    align: "end",
    width: 96,
  });
  const rows = (id: "rows" | "dead", value: (table: TableStorage) => number): GridColumn<TableStorage> => ({
    id,
    header: t(`storage.column.${id}`),
    value,
    render: (table) => <Figure value={value(table)} estimated />,
    align: "end",
    width: 108,
  });
  const moment = (
    id: "vacuumed" | "analyzed",
    value: (table: TableStorage) => string | null,
    hidden: boolean,
  ): GridColumn<TableStorage> => ({
    id,
    header: t(`storage.column.${id}`),
    value,
    render: (table) => <RelativeTime value={value(table)} />,
    width: 130,
    hidden,
  });
  return [
    {
      id: "schema",
      header: t("storage.column.schema"),
      value: (table) => table.schema,
      render: (table) => <bdi title={table.schema}>{table.schema}</bdi>,
      width: 140,
      grow: 2,
      hideable: false,
    },
    {
      id: "table",
      header: t("storage.column.table"),
      value: (table) => table.name,
      render: (table) => <bdi title={table.name}>{table.name}</bdi>,
      width: 140,
      grow: 2,
      code: true,
      hideable: false,
      opens: true,
    },
    size("total", (table) => table.total_bytes),
    size("heap", (table) => table.heap_bytes),
    size("toast", (table) => table.toast_bytes),
    size("indexes", (table) => table.index_bytes),
    size("bloat", (table) => table.bloat_bytes, true),
    rows("rows", (table) => table.rows),
    rows("dead", (table) => table.dead_rows),
    moment("vacuumed", (table) => table.vacuumed, false),
    moment("analyzed", (table) => table.analyzed, true),
  ];
}
