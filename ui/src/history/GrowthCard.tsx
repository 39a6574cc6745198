import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { historyQueryOptions } from "../api/history";
import type { HistoryPoint } from "../api/types";
import { Chart } from "../components/chart/Chart";
import type { Palette } from "../components/chart/palette";
import { Sign } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import classes from "./GrowthCard.module.css";
import { lines } from "./lines";
import { useGrowthWords } from "./useGrowthWords";

const none: HistoryPoint[] = [];

/** How a tenant's size went, and where it is going. */
export function GrowthCard({ schema }: { schema: string }) {
  const { t } = useTranslation("history");
  const format = useFormat();
  const { data: history, isPending } = useQuery(historyQueryOptions(schema));
  const limit = history?.forecast?.limit_bytes ?? null;
  const points = history?.points ?? none;
  const words = useGrowthWords(history ?? null);
  const option = useCallback(
    (palette: Palette) =>
      lines({ palette, points, limit, format, words: { size: t("size"), limit: t("limit") } }),
    [points, limit, format, t],
  );
  const table = useMemo(() => <PointTable points={points} />, [points]);
  if (isPending) return null;
  if (points.length < 2) {
    return (
      <section className={classes.card} aria-label={t("title")}>
        <h2>{t("title")}</h2>
        <p className={classes.none}>{t(points.length === 0 ? "none" : "one")}</p>
        <p className={classes.none}>
          {t("schedule")} <code>cadastre stats --snapshot</code>
        </p>
      </section>
    );
  }
  return (
    <div className={classes.growth}>
      <Chart
        title={t("chart")}
        description={[t("chart"), ...words.map((word) => word.text)].join(". ")}
        option={option}
        table={table}
        height={190}
      />
      <ul className={classes.words}>
        {words.map((word) => (
          <li key={word.text}>
            <Sign tone={word.tone} /> {word.text}
          </li>
        ))}
        {limit !== null && <li className={classes.quota}>{t("limitOf", { size: format.bytes(limit) })}</li>}
      </ul>
    </div>
  );
}

function PointTable({ points }: { points: readonly HistoryPoint[] }) {
  const { t } = useTranslation("history");
  const format = useFormat();
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t("time")}</th>
          <th scope="col">{t("size")}</th>
          <th scope="col">{t("indexes")}</th>
          <th scope="col">{t("rows")}</th>
        </tr>
      </thead>
      <tbody>
        {[...points].reverse().map((point) => (
          <tr key={point.time}>
            <th scope="row">{format.dateTime(new Date(point.time * 1000).toISOString())}</th>
            <td className="tabular">{format.bytes(point.size_bytes)}</td>
            <td className="tabular">{format.bytes(point.index_bytes)}</td>
            <td className="tabular">{format.number(point.rows)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
