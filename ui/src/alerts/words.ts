import type { TFunction } from "i18next";
import type { Alert, AlertItem } from "../api/types";
import type { Format } from "../i18n/format";

export type Translate = TFunction<["alerts", "common"]>;

/** Hours as days where that says it exactly. */
function hoursText(t: Translate, hours: number): string {
  return hours % 24 === 0 ? t("alerts:days", { count: hours / 24 }) : t("alerts:hours", { count: hours });
}

/** Seconds in the largest unit that says them exactly. */
function secondsText(t: Translate, seconds: number): string {
  if (seconds % 3600 === 0) return hoursText(t, seconds / 3600);
  return seconds % 60 === 0
    ? t("alerts:minutes", { count: seconds / 60 })
    : t("alerts:seconds", { count: seconds });
}

function limitText(t: Translate, format: Format, alert: Alert): string {
  const limit = alert.limit ?? 0;
  switch (alert.kind) {
    case "backup_missed":
      return hoursText(t, limit);
    case "blocked":
    case "long_transaction":
      return secondsText(t, limit);
    default:
      return format.number(limit);
  }
}

/** What is wrong, with its number. */
export function alertTitle(t: Translate, format: Format, alert: Alert): string {
  const count = alert.kind === "connections" ? (alert.items[0]?.number ?? 0) : alert.items.length;
  const limit = limitText(t, format, alert);
  return t(`alerts:title.${alert.kind}`, { count, figure: format.number(count), limit });
}

/** What there is to say of one tenant, session or run. */
export function itemText(t: Translate, format: Format, alert: Alert, item: AlertItem): string {
  switch (alert.kind) {
    case "migration_failed":
      return item.at ? format.relative(item.at) : "";
    case "run_interrupted":
      return t("alerts:item.interrupted", {
        when: item.at ? format.relative(item.at) : "",
        left: format.number(item.number ?? 0),
      });
    case "backup_missed":
      return item.at ? format.relative(item.at) : t("alerts:item.never");
    case "quota_exceeded":
    case "quota_near":
      return t(`alerts:item.${item.object === "people" ? "people" : "storage"}`, {
        percent: format.number(item.number ?? 0),
      });
    case "drift":
      return item.object ? t("alerts:item.version", { version: item.object }) : "";
    case "blocked":
    case "long_transaction":
      return format.duration((item.number ?? 0) * 1000);
    case "connections":
      return "";
  }
}

/** The same alert as long as it is about the same: what was told once is not told again. */
export const alertKey = (alert: Alert) =>
  [alert.kind, ...alert.items.map((item) => `${item.schema ?? ""} ${item.object ?? ""}`)].join("\n");
