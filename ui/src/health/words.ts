import type { TFunction } from "i18next";
import type { DoctorCheck, DoctorFact, DoctorFinding, DoctorLevel } from "../api/types";
import type { Tone } from "../components/status/Status";
import type { Format } from "../i18n/format";

export type Translate = TFunction<["health", "common"]>;

export const levels = ["error", "warning", "note"] as const satisfies readonly DoctorLevel[];
/** Every check, in the order of a report. */
export const checks = Object.keys({
  search_path: true,
  function_path: true,
  definer: true,
  usage: true,
  table_grants: true,
  sequence_grants: true,
  default_privileges: true,
  isolation: true,
  public_rights: true,
  ownership: true,
  crossing: true,
  misplaced: true,
  public_create: true,
  sequence_behind: true,
  index_invalid: true,
  constraint_unchecked: true,
  pooler: true,
  lock_budget: true,
  catalog_bloat: true,
  wraparound: true,
  registry: true,
  domains: true,
} satisfies Record<DoctorCheck, true>) as DoctorCheck[];

export const tones: Record<DoctorLevel, Tone> = { error: "bad", warning: "warn", note: "info" };

// Codes come from the other side of the bridge: they are looked up, with core's English as the last resort.
type Look = (key: string, options: object) => string;

export const checkTitle = (t: Translate, check: DoctorCheck) =>
  (t as unknown as Look)(`health:check.${check}.title`, { defaultValue: check });

const figures = new Set(["next", "furthest", "relations", "budget", "dead", "live", "age", "limit"]);

/** What is wrong, in the window's language. */
export function findingText(t: Translate, format: Format, finding: DoctorFinding): string {
  const params = Object.entries(finding.params).map(([name, value]): [string, string] => {
    const figure = Number(value);
    if (value === undefined || value === "" || Number.isNaN(figure)) return [name, value ?? ""];
    if (name === "bytes") return [name, format.bytes(figure)];
    return [name, figures.has(name) ? format.number(figure) : value];
  });
  return (t as unknown as Look)(`health:finding.${finding.code}`, {
    ...Object.fromEntries(params),
    defaultValue: finding.message,
  });
}

export const factName = (t: Translate, fact: DoctorFact) =>
  (t as unknown as Look)(`health:fact.${fact.name}`, { defaultValue: fact.name });

const words = new Set(["superuser", "called_by"]);

export function factValue(t: Translate, format: Format, { name, value }: DoctorFact): string {
  if (words.has(name)) return (t as unknown as Look)(`health:value.${value}`, { defaultValue: value });
  if (name === "size_bytes") return format.bytes(Number(value));
  if (name === "last_vacuum" && value !== "–") return format.dateTime(value);
  return value;
}
