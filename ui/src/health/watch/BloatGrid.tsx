import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { settingsQueryOptions } from "../../api/settings";
import type { IndexBloat, Storage } from "../../api/types";
import { EmptyState } from "../../components/empty/EmptyState";
import { Bytes } from "../../components/figures/Figure";
import type { GridColumn } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useGridModel } from "../../components/grid/useGridModel";
import type { Translate } from "./words";

const idOf = (index: IndexBloat) => JSON.stringify([index.schema, index.name]);

/** Large indexes that would be smaller if they were built again. */
export function BloatGrid({ storage }: { storage: Storage }) {
  const { t } = useTranslation("watch");
  const { data: settings } = useQuery(settingsQueryOptions());
  const columns = useMemo(() => bloatColumns(t), [t]);
  const model = useGridModel("storageBloat", columns, storage.bloated, { id: "bloat", desc: true });
  return (
    <DataGrid
      model={model}
      label={t("storage.bloatList")}
      rowId={idOf}
      dense={settings?.dense ?? true}
      empty={
        <EmptyState icon={<IconCircleCheck size={36} stroke={1.3} />} title={t("storage.none.bloat")}>
          <p>{t("storage.none.bloatText")}</p>
        </EmptyState>
      }
    />
  );
}

function bloatColumns(t: Translate): GridColumn<IndexBloat>[] {
  const name = (
    id: "schema" | "table" | "index",
    value: (index: IndexBloat) => string,
  ): GridColumn<IndexBloat> => ({
    id,
    header: t(`storage.column.${id}`),
    value,
    render: (index) => <bdi title={value(index)}>{value(index)}</bdi>,
    width: 160,
    grow: 2,
    code: id !== "schema",
    hideable: id !== "index",
  });
  const size = (
    id: "total" | "bloat",
    value: (index: IndexBloat) => number,
    estimated: boolean,
  ): GridColumn<IndexBloat> => ({
    id,
    header: t(`storage.column.${id}`),
    value,
    render: (index) => <Bytes value={value(index)} estimated={estimated} />,
    align: "end",
    width: 110,
  });
  return [
    name("schema", (index) => index.schema),
    name("table", (index) => index.table),
    name("index", (index) => index.name),
    size("total", (index) => index.size_bytes, false),
    size("bloat", (index) => index.bloat_bytes, true),
  ];
}
