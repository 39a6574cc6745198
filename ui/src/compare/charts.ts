import type { EChartsCoreOption } from "echarts/core";
import type { TenantStats } from "../api/types";
import type { Palette } from "../components/chart/palette";

/** One colour of bars: its name, and a value per tenant. */
export type Series = { name: string; values: readonly number[] };

type BarsOptions = {
  palette: Palette;
  names: readonly string[];
  series: readonly Series[];
  stacked: boolean;
  write: (value: number) => string;
};

/** Horizontal bars, one line per tenant: names have room, and the order is that of the list. */
export function bars({ palette, names, series, stacked, write }: BarsOptions): EChartsCoreOption {
  const several = series.length > 1;
  return {
    grid: { left: 8, right: several ? 16 : 76, top: several ? 36 : 4, bottom: 4, containLabel: true },
    legend: several
      ? {
          type: "scroll",
          top: 0,
          left: 0,
          itemWidth: 12,
          itemHeight: 10,
          textStyle: { color: palette.text, fontSize: 12 },
          pageTextStyle: { color: palette.dim },
          pageIconColor: palette.dim,
        }
      : undefined,
    tooltip: {
      trigger: "axis",
      axisPointer: { type: "shadow", shadowStyle: { color: palette.line, opacity: 0.35 } },
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.text, fontSize: 12 },
      valueFormatter: (value: unknown) => write(Number(value)),
    },
    xAxis: {
      type: "value",
      axisLabel: {
        color: palette.dim,
        fontSize: 11,
        formatter: (value: number) => write(value),
        hideOverlap: true,
      },
      splitLine: { lineStyle: { color: palette.line } },
    },
    yAxis: {
      type: "category",
      inverse: true,
      data: [...names],
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: { color: palette.text, fontSize: 12, width: 170, overflow: "truncate" },
    },
    series: series.map((one, index) => ({
      type: "bar",
      name: one.name,
      stack: stacked ? "all" : undefined,
      data: [...one.values],
      barMaxWidth: 18,
      itemStyle: {
        color: several ? palette.series[index % palette.series.length] : palette.accent,
        // A line between the parts keeps them apart where their colours look alike.
        borderColor: palette.surface,
        borderWidth: stacked ? 1 : 0,
      },
      label: several
        ? undefined
        : {
            show: true,
            position: "right",
            color: palette.dim,
            fontSize: 11,
            formatter: ({ value }: { value: unknown }) => write(Number(value)),
          },
    })),
  };
}

/** Largest first: the eye finds the ends. */
export function largest(
  stats: readonly TenantStats[],
  by: (tenant: TenantStats) => number,
  count: number,
): TenantStats[] {
  return [...stats].sort((a, b) => by(b) - by(a)).slice(0, count);
}
