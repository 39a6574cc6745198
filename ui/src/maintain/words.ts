import type { TFunction } from "i18next";
import type { IntegrityFinding, MaintainReason, NotLookedAt, RunActivity } from "../api/types";
import type { Format } from "../i18n/format";

type Look = (key: string, options: object) => string;

/** Figures as the language writes them; names as they are. */
function worded(params: Record<string, string | undefined>, format: Format): Record<string, string> {
  const word = (name: string, value: string) => {
    const figure = Number(value);
    const counts = name === "rows" || name === "age" || name === "next" || name === "furthest";
    return counts && value !== "" && !Number.isNaN(figure) ? format.number(figure) : value;
  };
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, word(name, value ?? "")]));
}

/** Why a table was chosen, or was not done. Codes come from the other side of the bridge; core's English is the last resort. */
export function reasonText(t: TFunction<"maintain">, format: Format, reason: MaintainReason): string {
  const look = t as unknown as Look;
  return look(`reason.${reason.code}`, { ...worded(reason.params, format), defaultValue: reason.message });
}

/** What a check has found, in the window's language. */
export function findingText(t: TFunction<"maintain">, format: Format, finding: IntegrityFinding): string {
  const look = t as unknown as Look;
  return look(`finding.${finding.code}`, {
    ...worded(finding.params, format),
    count: Number(finding.params.rows ?? 1),
    defaultValue: finding.message,
  });
}

/** What could not be looked at, and why. */
export function notLookedAtText(t: TFunction<"maintain">, one: NotLookedAt): string {
  const look = t as unknown as Look;
  const what = t(`object.${one.check}`, { count: one.objects });
  const why = look(`notLookedAt.${one.reason}`, { defaultValue: one.reason });
  return one.example === null ? `${what}: ${why}` : `${what} (${one.example}): ${why}`;
}

/** “acme, orders (3 of 11): scanning the table, 45 %”. */
export function activityText(t: TFunction<"maintain">, activity: RunActivity): string {
  const look = t as unknown as Look;
  const { object, step, steps, phase, percent, waits_for } = activity;
  const words = [t("activity.object", { object, step, steps })];
  if (phase !== null) words.push(look(`phase.${phase}`, { defaultValue: phase.replaceAll("_", " ") }));
  if (percent !== null) words.push(t("activity.percent", { percent }));
  if (waits_for !== null) words.push(t("activity.waitsFor", { holder: waits_for }));
  return words.join(" · ");
}

/** What became of a tenant, in core's short words: as a key and figures. */
export function outcomeWords(detail: string): {
  key: "vacuum" | "analyze" | "reindex" | "check";
  count: number;
  [figure: string]: number | string;
} | null {
  const vacuum = /^(\d+)(?: of (\d+))? tables vacuumed, (-?\d+) dead rows/.exec(detail);
  if (vacuum) {
    return {
      key: "vacuum",
      count: Number(vacuum[1]),
      all: Number(vacuum[2] ?? vacuum[1]),
      rows: Number(vacuum[3]),
    };
  }
  const analyze = /^(\d+)(?: of (\d+))? tables analyzed$/.exec(detail);
  if (analyze) return { key: "analyze", count: Number(analyze[1]), all: Number(analyze[2] ?? analyze[1]) };
  const reindex = /^(\d+) indexes of (\d+)(?: of (\d+))? tables built anew/.exec(detail);
  if (reindex) {
    return {
      key: "reindex",
      count: Number(reindex[1]),
      tables: Number(reindex[2]),
      all: Number(reindex[3] ?? reindex[2]),
    };
  }
  const check = /^(\d+) findings in (\d+) tables, (\d+) indexes, (\d+) foreign keys$/.exec(detail);
  if (!check) return null;
  return {
    key: "check",
    count: Number(check[1]),
    tables: Number(check[2]),
    indexes: Number(check[3]),
    keys: Number(check[4]),
  };
}
