import { SegmentedControl, Select } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TenantStats } from "../api/types";
import { CopyButton } from "../components/copy/CopyButton";
import { useFormat } from "../i18n/format";
import classes from "./ComparePage.module.css";
import { byDifference, byRatio, heatRows, type Measure, measures } from "./figures";
import { HeatTable } from "./HeatTable";

/** Wider tables are for the Excel file. */
const tenantsShown = 40;

const orders = ["difference", "ratio", "name"] as const;
type Order = (typeof orders)[number];

/** Tables by tenants in one measure, the greatest differences first. */
export function HeatView({ stats }: { stats: readonly TenantStats[] }) {
  const { t } = useTranslation("compare");
  const format = useFormat();
  const [measure, setMeasure] = useState<Measure>("rows");
  const [order, setOrder] = useState<Order>("difference");
  const tenants = useMemo(
    () => [...stats].sort((a, b) => b.totals.rows - a.totals.rows).slice(0, tenantsShown),
    [stats],
  );
  const rows = useMemo(
    () =>
      heatRows(stats, measure, tenants).sort((a, b) => {
        if (order === "name") return format.compare(a.table, b.table);
        return order === "ratio" ? byRatio(a, b) : byDifference(a, b);
      }),
    [stats, tenants, measure, order, format],
  );
  const asText = () =>
    [
      [
        t("figure.table"),
        t("figure.difference"),
        t("figure.least"),
        t("figure.median"),
        t("figure.greatest"),
        ...tenants.map((tenant) => tenant.name),
      ].join("\t"),
      ...rows.map((row) =>
        [
          row.table,
          row.difference,
          row.least,
          row.median,
          row.greatest,
          ...row.values.map((value) => value ?? ""),
        ].join("\t"),
      ),
    ].join("\n");
  return (
    <>
      <div className={classes.bar}>
        <Select
          size="xs"
          aria-label={t("measure.label")}
          value={measure}
          allowDeselect={false}
          onChange={(value) => setMeasure((value as Measure | null) ?? "rows")}
          data={measures.map((one) => ({ value: one, label: t(`measure.${one}`) }))}
          w={190}
        />
        <SegmentedControl
          aria-label={t("order.label")}
          value={order}
          onChange={(value) => setOrder(value as Order)}
          data={orders.map((value) => ({ value, label: t(`order.${value}`) }))}
        />
        {stats.length > tenants.length && (
          <span className={classes.dim}>
            {t("heat.some", { shown: tenants.length, total: stats.length })}
          </span>
        )}
        <span className={classes.space} />
        <CopyButton variant="subtle" text={asText} label={t("heat.copy")} />
      </div>
      <HeatTable tenants={tenants} rows={rows} measure={measure} spread={stats.length > 2} />
    </>
  );
}
