import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { TenantStats } from "../api/types";
import { Chart } from "../components/chart/Chart";
import type { Palette } from "../components/chart/palette";
import { useFormat } from "../i18n/format";
import classes from "./ComparePage.module.css";
import { bars, largest, type Series } from "./charts";
import { figureOf, heaviest } from "./figures";
import { SeriesTable } from "./SeriesTable";

/** More bars than this are no longer compared, only seen. */
const tenantsShown = 24;
/** As many colours as the palette can tell apart, one of them for the rest. */
const tablesShown = 7;

/** The comparison as pictures: rows, sizes, and what they consist of. */
export function CompareCharts({ stats }: { stats: readonly TenantStats[] }) {
  const { t } = useTranslation("compare");
  const format = useFormat();
  const byRows = useMemo(() => largest(stats, (one) => one.totals.rows, tenantsShown), [stats]);
  const bySize = useMemo(() => largest(stats, (one) => one.totals.size_bytes, tenantsShown), [stats]);
  const estimated = stats.some((one) => one.totals.rows_estimated);

  const rows = useMemo<Series[]>(
    () => [{ name: t("figure.rows"), values: byRows.map((one) => one.totals.rows) }],
    [byRows, t],
  );
  const sizes = useMemo<Series[]>(
    () => [
      { name: t("chart.data"), values: bySize.map((one) => one.totals.size_bytes - one.totals.index_bytes) },
      { name: t("chart.indexes"), values: bySize.map((one) => one.totals.index_bytes) },
    ],
    [bySize, t],
  );
  const parts = useMemo(() => tableParts(byRows, t("chart.rest")), [byRows, t]);
  const some =
    stats.length > tenantsShown ? ` (${t("chart.some", { shown: tenantsShown, total: stats.length })})` : "";

  return (
    <div className={classes.charts}>
      <BarChart
        title={`${t(estimated ? "chart.rowsEstimated" : "chart.rows")}${some}`}
        tenants={byRows}
        series={rows}
        write={format.number}
      />
      <BarChart
        title={`${t("chart.size")}${some}`}
        tenants={bySize}
        series={sizes}
        write={format.bytes}
        base={2}
      />
      <div className={classes.wide}>
        <BarChart
          title={`${t("chart.parts")}${some}`}
          tenants={byRows}
          series={parts}
          write={format.number}
        />
      </div>
    </div>
  );
}

type BarChartProps = {
  title: string;
  tenants: readonly TenantStats[];
  series: readonly Series[];
  write: (value: number) => string;
  base?: 2 | 10;
};

function BarChart({ title, tenants, series, write, base }: BarChartProps) {
  const { t } = useTranslation("compare");
  const option = useCallback(
    (palette: Palette) =>
      bars({
        palette,
        names: tenants.map((one) => one.name),
        series,
        stacked: series.length > 1,
        write,
        base,
      }),
    [tenants, series, write, base],
  );
  const [first] = tenants;
  const last = tenants[tenants.length - 1];
  return (
    <Chart
      title={title}
      description={t("chart.description", { title, greatest: first?.name ?? "", smallest: last?.name ?? "" })}
      option={option}
      table={<SeriesTable tenants={tenants} series={series} write={write} />}
      height={Math.max(150, tenants.length * 28 + (series.length > 1 ? 64 : 32))}
    />
  );
}

/** The rows of the heaviest tables per tenant; the other tables as one. */
function tableParts(tenants: readonly TenantStats[], restName: string): Series[] {
  const { tables, rest } = heaviest(tenants, "rows", tablesShown);
  const shown = new Set(tables);
  const sum = (tenant: TenantStats, include: (table: string) => boolean) =>
    tenant.tables.reduce(
      (total, table) => (include(table.table) ? total + (figureOf(table, "rows") ?? 0) : total),
      0,
    );
  const series = tables.map((name) => ({
    name,
    values: tenants.map((tenant) => sum(tenant, (table) => table === name)),
  }));
  if (rest)
    series.push({
      name: restName,
      values: tenants.map((tenant) => sum(tenant, (table) => !shown.has(table))),
    });
  return series;
}
