import type { TFunction } from "i18next";
import type { Tone } from "../components/status/Status";

/** What the journal can hold, in the order in which it is asked for. */
export const operations = [
  "create",
  "migrate_up",
  "migrate_down",
  "rehearse",
  "export",
  "drop",
  "undrop",
  "purge",
  "backup",
  "verify_backup",
  "restore",
  "clone",
  "rename",
  "deactivate",
  "activate",
  "set",
  "install_registry",
  "routing",
  "repair",
  "maintain",
  "check",
  "end_sessions",
  "cancel_statements",
  "move",
  "profile_add",
  "profile_save",
  "profile_remove",
] as const;

export const outcomes = ["done", "failed", "cancelled"] as const;

/** Operations whose detail is SQL. */
const statements: ReadonlySet<string> = new Set([
  "create",
  "migrate_up",
  "migrate_down",
  "drop",
  "undrop",
  "purge",
  "rename",
  "deactivate",
  "activate",
  "set",
  "install_registry",
  "routing",
  "repair",
  "maintain",
  "check",
  "end_sessions",
  "cancel_statements",
  "move",
]);
export const isSql = (operation: string) => statements.has(operation);

/** The words of a later version of core are shown as they are. */
export function operationWord(t: TFunction<"journal">, operation: string): string {
  const look = t as unknown as (key: string, options: object) => string;
  return look(`operation.${operation}`, { defaultValue: operation });
}

export function outcomeWord(t: TFunction<"common">, outcome: string): string {
  const look = t as unknown as (key: string, options: object) => string;
  return look(`state.${outcome}`, { defaultValue: outcome });
}

export function outcomeTone(outcome: string): Tone {
  if (outcome === "done") return "ok";
  if (outcome === "failed") return "bad";
  return outcome === "cancelled" ? "warn" : "off";
}

/** How many tenants ended how, as the detail of a run begins. */
export type RunCounts = Record<"done" | "skipped" | "failed" | "cancelled" | "not_started", number>;

const counted = /^done (\d+), skipped (\d+), failed (\d+), cancelled (\d+), not started (\d+)(?:\n|$)/;

/** A detail as the counts that a run's begins with, and the text or the statements after them. */
export function splitDetail(detail: string): { counts: RunCounts | null; rest: string } {
  const match = counted.exec(detail);
  if (!match) return { counts: null, rest: detail };
  const [all, done, skipped, failed, cancelled, notStarted] = match;
  return {
    counts: {
      done: Number(done),
      skipped: Number(skipped),
      failed: Number(failed),
      cancelled: Number(cancelled),
      not_started: Number(notStarted),
    },
    rest: detail.slice(all.length).trimEnd(),
  };
}

/** The object of an entry; a run over several tenants names their number. */
export function subjectWords(t: TFunction<"journal">, subject: string): string {
  const many = /^(\d+) tenants$/.exec(subject);
  if (many) return t("tenants", { count: Number(many[1]) });
  const sessions = /^(\d+) sessions$/.exec(subject);
  return sessions ? t("sessions", { count: Number(sessions[1]) }) : subject;
}
