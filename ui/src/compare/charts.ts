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
  /** What the axis counts in: sizes are written in powers of two, and their marks are round there. */
  base?: 2 | 10;
};

/** Horizontal bars, one line per tenant: names have room, and the order is that of the list. */
export function bars({ palette, names, series, stacked, write, base = 10 }: BarsOptions): EChartsCoreOption {
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
      interval: base === 2 ? powerOfTwo(series, stacked) : undefined,
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

/** A power of two that divides the longest bar in at most five parts. */
function powerOfTwo(series: readonly Series[], stacked: boolean): number | undefined {
  const ends = (series[0]?.values ?? []).map((_, row) => {
    const parts = series.map((one) => one.values[row] ?? 0);
    return stacked ? parts.reduce((sum, part) => sum + part, 0) : Math.max(...parts);
  });
  const longest = Math.max(0, ...ends);
  return longest > 0 ? 2 ** Math.ceil(Math.log2(longest / 5)) : undefined;
}

/** Largest first: the eye finds the ends. */
export function largest(
  stats: readonly TenantStats[],
  by: (tenant: TenantStats) => number,
  count: number,
): TenantStats[] {
  return [...stats].sort((a, b) => by(b) - by(a)).slice(0, count);
}
