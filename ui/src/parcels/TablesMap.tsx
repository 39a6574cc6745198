import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconArrowUp, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { tenantQueryOptions } from "../api/tenants";
import type { Table, TenantSummary } from "../api/types";
import { ErrorView } from "../components/error/ErrorView";
import { Bytes, Figure, Percent } from "../components/figures/Figure";
import { useFormat } from "../i18n/format";
import { arrange, type Category, type Parcel } from "./category";
import type { Area } from "./choices";
import { FleetTable } from "./FleetTable";
import { Swatch } from "./ParcelLegend";
import { ParcelMap } from "./ParcelMap";
import classes from "./ParcelMap.module.css";

type TablesMapProps = {
  tenant: TenantSummary;
  area: Area;
  areaSelect: ReactNode;
  asTable: boolean;
  onAsTable: (shown: boolean) => void;
  dense: boolean;
  onOpen: (table: string) => void;
  onLeave: () => void;
};

type TableParcel = Parcel & { table: Table };

/** Above these shares of dead rows a table asks for a vacuum. */
const limits = [0.05, 0.2];
const none: Table[] = [];

/** Dead rows as a share of all; `null` for a table without rows. */
const deadShare = ({ rows, dead_rows }: Table) =>
  rows + dead_rows > 0 ? dead_rows / (rows + dead_rows) : null;

/** One parcel of the map from within: its tables. */
export function TablesMap(props: TablesMapProps) {
  const { tenant, area, areaSelect, asTable, onAsTable, dense, onOpen, onLeave } = props;
  const { t } = useTranslation(["parcels", "common"]);
  const format = useFormat();
  const detail = useQuery(tenantQueryOptions(tenant.schema));
  const tables = detail.data?.tables ?? none;
  const loaded = detail.data !== undefined;

  const categories = useMemo<Category[]>(
    () => [
      { key: "few", label: t("parcels:dead.few"), tone: "accent", mark: "plain" },
      { key: "some", label: t("parcels:dead.some"), tone: "warn", mark: "rising" },
      { key: "many", label: t("parcels:dead.many"), tone: "bad", mark: "cross" },
      { key: "empty", label: t("parcels:dead.empty"), tone: "faint", mark: "dots" },
    ],
    [t],
  );
  const parcels = useMemo(
    () =>
      arrange<TableParcel>(
        tables.map((table) => {
          const dead = deadShare(table);
          return {
            id: table.table,
            name: table.table,
            value: area === "size" ? table.size_bytes : table.rows,
            figure: area === "size" ? format.bytes(table.size_bytes) : format.number(table.rows),
            category: dead === null ? 3 : limits.filter((limit) => dead > limit).length,
            table,
          };
        }),
      ),
    [tables, area, format],
  );
  const title = t("parcels:tablesTitle", { name: tenant.name, area: t(`parcels:by.${area}`) });
  const crumbs = (
    <>
      <nav className={classes.crumbs} aria-label={t("parcels:crumbs")}>
        <Tooltip label={t("parcels:up")}>
          <ActionIcon aria-label={t("parcels:up")} onClick={onLeave}>
            <IconArrowUp size={16} />
          </ActionIcon>
        </Tooltip>
        <Button variant="subtle" color="gray" size="compact-xs" onClick={onLeave}>
          {t("parcels:all")}
        </Button>
        <IconChevronRight size={14} aria-hidden="true" />
        <bdi className={classes.crumb} aria-current="page" title={`${tenant.name} · ${tenant.schema}`}>
          {tenant.name}
        </bdi>
      </nav>
      {areaSelect}
      {detail.isPending && (
        <span role="status" className={classes.waiting}>
          {t("common:loading")}
        </span>
      )}
    </>
  );
  const tableOf = (parcel: Parcel) => (parcel as TableParcel).table;
  return (
    <ParcelMap
      title={title}
      label={t("parcels:tablesLabel", { title, count: parcels.length })}
      legendLabel={t("parcels:hues.dead")}
      controls={crumbs}
      parcels={parcels}
      categories={categories}
      onOpen={(parcel) => onOpen(parcel.id)}
      onLeave={onLeave}
      detail={(parcel) => <TableTip table={tableOf(parcel)} category={categories[parcel.category]} />}
      sentence={(parcel) => [parcel.name, parcel.figure, categories[parcel.category]?.label].join(", ")}
      asTable={asTable}
      onAsTable={onAsTable}
      table={
        <FleetTable
          label={title}
          area={area}
          hue="dead"
          parcels={parcels}
          categories={categories}
          dense={dense}
          onOpen={onOpen}
        />
      }
      empty={
        detail.error ? (
          <ErrorView error={detail.error} onRetry={() => void detail.refetch()} />
        ) : (
          loaded && <p className={classes.nothing}>{t("parcels:noTables")}</p>
        )
      }
      autoFocus
    />
  );
}

function TableTip({ table, category }: { table: Table; category: Category | undefined }) {
  const { t } = useTranslation("parcels");
  return (
    <>
      <span className={classes.tipName}>{table.table}</span>
      <dl className={classes.tipFacts}>
        <dt>{t("areas.size")}</dt>
        <dd>
          <Bytes value={table.size_bytes} estimated={table.size_estimated} />
        </dd>
        <dt>{t("indexes")}</dt>
        <dd>
          <Bytes value={table.index_bytes} estimated={table.size_estimated} />
        </dd>
        <dt>{t("areas.rows")}</dt>
        <dd>
          <Figure value={table.rows} estimated={table.rows_estimated} />
        </dd>
        <dt>{t("hues.dead")}</dt>
        <dd className={classes.tipCategory}>
          {category && <Swatch category={category} />}
          <Percent value={deadShare(table)} />
        </dd>
      </dl>
    </>
  );
}
