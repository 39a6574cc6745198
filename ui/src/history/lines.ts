import type { EChartsCoreOption } from "echarts/core";
import type { HistoryPoint } from "../api/types";
import type { Palette } from "../components/chart/palette";
import type { Format } from "../i18n/format";

type LinesOptions = {
  palette: Palette;
  points: readonly HistoryPoint[];
  /** Bytes. */
  limit: number | null;
  format: Format;
  words: { size: string; limit: string };
};

/** The size over time as a line, and the limit as a broken one. */
export function lines({ palette, points, limit, format, words }: LinesOptions): EChartsCoreOption {
  const sizes = points.map((point) => [point.time * 1000, point.size_bytes]);
  const [first, last] = [sizes[0], sizes[sizes.length - 1]];
  const highest = Math.max(0, ...points.map((point) => point.size_bytes), limit ?? 0);
  // Sizes are written in powers of two, and the marks of the axis are round there.
  const interval = highest > 0 ? 2 ** Math.ceil(Math.log2(highest / 4)) : 1;
  return {
    grid: { left: 8, right: 18, top: 12, bottom: 4, containLabel: true },
    tooltip: {
      trigger: "axis",
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.text, fontSize: 12 },
      axisPointer: { lineStyle: { color: palette.dim } },
      formatter: (given: unknown) => {
        const [point] = given as { data: [number, number] }[];
        if (!point) return "";
        const [time, size] = point.data;
        return `${format.dateTime(new Date(time).toISOString())}<br/><b>${format.bytes(size)}</b>`;
      },
    },
    xAxis: {
      type: "time",
      axisLabel: {
        color: palette.dim,
        fontSize: 11,
        hideOverlap: true,
        formatter: (time: number) =>
          new Intl.DateTimeFormat(format.language, { day: "numeric", month: "short" }).format(time),
      },
      axisLine: { lineStyle: { color: palette.line } },
      splitNumber: 6,
    },
    yAxis: {
      type: "value",
      // A line that begins at 0 shows how much it is, not only that it moves.
      min: 0,
      max: Math.ceil((highest * 1.05) / interval) * interval,
      interval,
      axisLabel: { color: palette.dim, fontSize: 11, formatter: (size: number) => format.bytes(size) },
      splitLine: { lineStyle: { color: palette.line } },
    },
    series: [
      {
        type: "line",
        name: words.size,
        data: sizes,
        symbol: "circle",
        symbolSize: points.length > 60 ? 0 : 5,
        itemStyle: { color: palette.accent },
        lineStyle: { color: palette.accent, width: 2 },
        areaStyle: { color: palette.accent, opacity: 0.1 },
      },
      ...(limit !== null && first && last
        ? [
            {
              type: "line",
              name: words.limit,
              data: [
                [first[0], limit],
                [last[0], limit],
              ],
              symbol: "none",
              lineStyle: { color: palette.bad, width: 1.5, type: "dashed" },
            },
          ]
        : []),
    ],
  };
}
