import { useTranslation } from "react-i18next";
import type { Check, CheckLevel } from "../../api/types";
import { type Format, useFormat } from "../../i18n/format";
import { errorText } from "../error/errorText";
import { Sign, type Tone } from "../status/Status";
import classes from "./PlanDialog.module.css";

const tones: Record<CheckLevel, Tone> = { ok: "ok", warning: "warn", stop: "bad" };
const order: Record<CheckLevel, number> = { stop: 0, warning: 1, ok: 2 };

/** How many tenants, or else rows, a finding is about, where it says that: it chooses singular or plural. */
function counted({ params }: Check): { count?: number } {
  const said = params.tenants ?? params.rows;
  const count = Number(said);
  return said === undefined || said === "" || Number.isNaN(count) ? {} : { count };
}

const counts = new Set(["tables", "rows", "objects", "batches", "findings", "free", "total", "share"]);

/** Figures and periods as the language writes them; names as they are. */
function worded(params: Check["params"], format: Format): Record<string, string> {
  const word = (name: string, value: string) => {
    const figure = Number(value);
    if (name === "age" || name === "period") return format.period(value);
    if (value === "" || Number.isNaN(figure)) return value;
    if (name === "bytes") return format.bytes(figure);
    return counts.has(name) ? format.number(figure) : value;
  };
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, word(name, value ?? "")]));
}

/** Why something is so, where that is an error: in the window's language, with what to do about it. */
function reasonOf({ params, message }: Check): string {
  const { error: code = "", reason = message, hint = null } = params;
  const { title, hint: remedy } = errorText({ code, params, message: reason, hint });
  return [title, remedy].filter(Boolean).join(" ");
}

/** The findings of a plan, the gravest first. */
export function PlanChecks({ checks }: { checks: readonly Check[] }) {
  const { t } = useTranslation("plan");
  const format = useFormat();
  // Codes come from the other side of the bridge: they are looked up, with core's English as the last resort.
  const look = t as unknown as (key: string, options: object) => string;
  if (checks.length === 0) return <p className={classes.why}>{t("allGood")}</p>;
  const sorted = [...checks].sort((a, b) => order[a.level] - order[b.level]);
  return (
    <ul className={classes.checkList}>
      {sorted.map((check) => (
        <li key={`${check.code}${JSON.stringify(check.params)}`} data-level={check.level}>
          <Sign tone={tones[check.level]} />
          <span>
            <span className="visually-hidden">{t(`level.${check.level}`)} – </span>
            {look(`check.${check.code}`, {
              ...worded(check.params, format),
              ...counted(check),
              ...(check.params.error && { reason: reasonOf(check) }),
              ...(check.params.rule && {
                finding: look(`finding.${check.params.rule}`, { defaultValue: check.params.finding }),
              }),
              defaultValue: check.message,
            })}
          </span>
        </li>
      ))}
    </ul>
  );
}
