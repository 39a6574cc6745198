import { Button } from "@mantine/core";
import { IconFilterOff, IconListSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { settingsQueryOptions } from "../../api/settings";
import type { IndexClass, IndexVerdict, Storage } from "../../api/types";
import { EmptyState } from "../../components/empty/EmptyState";
import { Bytes, Figure } from "../../components/figures/Figure";
import { FilterMenu } from "../../components/filter/FilterMenu";
import type { GridColumn } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useGridModel } from "../../components/grid/useGridModel";
import { Status, type Tone } from "../../components/status/Status";
import { IndexPanel } from "./IndexPanel";
import classes from "./Watch.module.css";
import type { Translate } from "./words";

export const verdictTones: Record<IndexVerdict, Tone> = {
  duplicate: "warn",
  redundant: "warn",
  unused: "warn",
  too_early: "info",
  needed: "off",
  used: "ok",
};
const verdicts = Object.keys(verdictTones) as IndexVerdict[];
const idOf = (index: IndexClass) => index.id;
const nameOf = (index: IndexClass) => index.name;

/** Every kind of index with the verdict of the fleet, and one of them in full. */
export function IndexesView({ storage, notes }: { storage: Storage; notes: ReactNode }) {
  const { t } = useTranslation("watch");
  const { data: settings } = useQuery(settingsQueryOptions());
  const [verdict, setVerdict] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<string | null>(null);
  const columns = useMemo(() => indexColumns(t), [t]);
  const visible = useMemo(
    () => storage.indexes.filter((one) => verdict.size === 0 || verdict.has(one.verdict)),
    [storage, verdict],
  );
  const model = useGridModel("storageIndexes", columns, visible, { id: "verdict", desc: false });
  const shown = visible.find((one) => one.id === chosen) ?? model.rows[0];
  return (
    <>
      <div className={classes.main}>
        <search className={classes.bar}>
          <FilterMenu
            label={t("storage.verdictFilter.label")}
            all={t("storage.verdictFilter.all")}
            options={verdicts.map((value) => ({
              value,
              label: t(`storage.verdict.${value}`),
              count: storage.indexes.filter((one) => one.verdict === value).length,
            }))}
            selected={verdict}
            onChange={setVerdict}
          />
        </search>
        <DataGrid
          model={model}
          label={t("storage.indexList")}
          rowId={idOf}
          rowName={nameOf}
          dense={settings?.dense ?? true}
          onOpen={(index) => setChosen(index.id)}
          empty={
            verdict.size === 0 ? (
              <EmptyState
                icon={<IconListSearch size={36} stroke={1.3} />}
                title={t("storage.none.indexes")}
              />
            ) : (
              <EmptyState
                icon={<IconFilterOff size={36} stroke={1.3} />}
                title={t("nothingFits")}
                action={<Button onClick={() => setVerdict(new Set())}>{t("showAll")}</Button>}
              />
            )
          }
        />
        {notes}
      </div>
      {shown && <IndexPanel key={shown.id} index={shown} storage={storage} />}
    </>
  );
}

function indexColumns(t: Translate): GridColumn<IndexClass>[] {
  const count = (
    id: "tenants" | "scannedIn" | "scans",
    value: (index: IndexClass) => number,
    hidden = false,
  ): GridColumn<IndexClass> => ({
    id,
    header: t(`storage.column.${id}`),
    value,
    render: (index) => <Figure value={value(index)} />,
    align: "end",
    width: 100,
    hidden,
  });
  return [
    {
      id: "verdict",
      header: t("storage.column.verdict"),
      value: (index) => verdicts.indexOf(index.verdict),
      text: (index) => t(`storage.verdict.${index.verdict}`),
      render: (index) => (
        <Status tone={verdictTones[index.verdict]} label={t(`storage.verdict.${index.verdict}`)} />
      ),
      width: 140,
      hideable: false,
    },
    {
      id: "table",
      header: t("storage.column.table"),
      value: (index) => index.table,
      render: (index) => <bdi title={index.table}>{index.table}</bdi>,
      width: 120,
      grow: 1,
      code: true,
    },
    {
      id: "index",
      header: t("storage.column.index"),
      value: (index) => index.name,
      render: (index) => <bdi title={index.name}>{index.name}</bdi>,
      width: 160,
      grow: 2,
      code: true,
      hideable: false,
      opens: true,
    },
    count("tenants", (index) => index.tenants),
    count("scannedIn", (index) => index.scanned_in),
    count("scans", (index) => index.scans, true),
    {
      id: "total",
      header: t("storage.column.total"),
      value: (index) => index.size_bytes,
      render: (index) => <Bytes value={index.size_bytes} estimated />,
      align: "end",
      width: 100,
    },
    {
      id: "definition",
      header: t("storage.column.definition"),
      value: (index) => index.definition,
      render: (index) => <span title={index.definition}>{index.definition}</span>,
      width: 180,
      grow: 3,
      code: true,
    },
  ];
}
