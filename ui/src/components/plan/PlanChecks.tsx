import { useTranslation } from "react-i18next";
import type { Check, CheckLevel } from "../../api/types";
import { Sign, type Tone } from "../status/Status";
import classes from "./PlanDialog.module.css";

const tones: Record<CheckLevel, Tone> = { ok: "ok", warning: "warn", stop: "bad" };
const order: Record<CheckLevel, number> = { stop: 0, warning: 1, ok: 2 };

/** How many tenants a finding is about, where it says that: it chooses singular or plural. */
function counted({ params }: Check): { count?: number } {
  const count = Number(params.tenants);
  return params.tenants === undefined || Number.isNaN(count) ? {} : { count };
}

/** The findings of a plan, the gravest first. */
export function PlanChecks({ checks }: { checks: readonly Check[] }) {
  const { t } = useTranslation("plan");
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
              ...check.params,
              ...counted(check),
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
