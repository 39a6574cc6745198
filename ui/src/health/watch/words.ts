import type { TFunction } from "i18next";
import type { SessionActivity } from "../../api/types";
import type { Tone } from "../../components/status/Status";
import type { Format } from "../../i18n/format";

export type Translate = TFunction<"watch">;

/** Sessions to end, or whose statement is to be cancelled. */
export type Signal = { sessions: readonly SessionActivity[]; cancel: boolean };

/** A process and the moment at which it began: the server uses the numbers of processes again. */
export const sessionId = (session: SessionActivity) => `${session.pid}@${session.started ?? ""}`;

/** How a session is and since when, as a sign and words. */
export function stateOf(t: Translate, session: SessionActivity): { tone: Tone; label: string } {
  if (session.hidden) return { tone: "off", label: t("notVisible") };
  if (session.own) return { tone: "info", label: t("activity.state.own") };
  if (session.blocked_by.length > 0) return { tone: "bad", label: t("activity.state.blocked") };
  switch (session.state) {
    case null:
      return { tone: "off", label: t("activity.state.server") };
    case "active":
    case "function_call":
      return { tone: "busy", label: t(`activity.state.${session.state}`) };
    case "idle_in_transaction":
    case "idle_in_failed_transaction":
      return { tone: "warn", label: t(`activity.state.${session.state}`) };
    default:
      return { tone: "off", label: t(`activity.state.${session.state}`) };
  }
}

/** Whose a session is, in one line. */
export function tenantsText(t: Translate, format: Format, session: SessionActivity): string {
  const names = session.tenants.map((one) => one.schema).sort(format.compare);
  if (session.more_tenants > 0) {
    names.push(t("more", { count: session.more_tenants }));
  }
  return names.length === 0 ? t("notKnown") : names.join(", ");
}

/** A statement in one line. */
export const oneLine = (text: string | null) => (text ?? "").replace(/\s+/g, " ").trim();

/** `schema.relation`, or what kind of lock it is. */
export function placeOf(session: SessionActivity): string {
  const { wait } = session;
  if (!wait) return "";
  return wait.schema !== null && wait.relation !== null ? `${wait.schema}.${wait.relation}` : wait.kind;
}

/** A figure of core's, which is always one: JSON has no word for what is none. */
export const figure = (value: number | null) => value ?? 0;
