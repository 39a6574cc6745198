import { useTranslation } from "react-i18next";
import type { TenantHistory } from "../api/types";
import type { Tone } from "../components/status/Status";
import { useFormat } from "../i18n/format";

type GrowthWord = { tone: Tone; text: string };

/** Less than this in a day is no growth that anybody would speak of. */
const noticed = 1024;

/** The growth and the forecast of a tenant in sentences. */
export function useGrowthWords(history: TenantHistory | null): GrowthWord[] {
  const { t, i18n } = useTranslation("history");
  const format = useFormat();
  if (!history) return [];
  const day = (time: string) =>
    new Intl.DateTimeFormat(i18n.language, { dateStyle: "long" }).format(new Date(time));
  const words: GrowthWord[] = history.growth.map((growth) => ({
    tone: "info",
    text: t(growth.size_bytes < 0 ? "shrunk" : "grown", {
      days: format.number(growth.days),
      size: format.bytes(Math.abs(growth.size_bytes)),
      share: growth.share === null ? "–" : format.percent(Math.abs(growth.share)),
    }),
  }));
  const { trend, forecast } = history;
  const [slope, scatter] = [trend?.bytes_per_day ?? null, trend?.error_per_day ?? 0];
  if (slope === null) {
    words.push({ tone: "off", text: t("noTrend") });
  } else if (Math.abs(slope) < noticed || Math.abs(slope) < scatter / 2) {
    words.push({ tone: "ok", text: t("steady") });
  } else {
    const size = format.bytes(Math.abs(Math.round(slope)));
    const error = format.bytes(Math.round(scatter));
    words.push({ tone: "info", text: t(slope < 0 ? "perDayLess" : "perDay", { size, error }) });
  }
  if (!forecast) return words;
  switch (forecast.outlook) {
    case "reached":
      words.push({ tone: "bad", text: t("outlook.reached") });
      break;
    case "reaches":
      words.push({
        tone: "warn",
        text: t(forecast.latest === null ? "outlook.reachesOpen" : "outlook.reaches", {
          at: forecast.at === null ? "" : day(forecast.at),
          earliest: forecast.earliest === null ? "" : day(forecast.earliest),
          latest: forecast.latest === null ? "" : day(forecast.latest),
        }),
      });
      break;
    default:
      words.push({ tone: "ok", text: t(`outlook.${forecast.outlook}`) });
  }
  return words;
}
