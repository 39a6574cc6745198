import { useTranslation } from "react-i18next";
import type { Plan } from "../../api/types";
import { plainVersion } from "../../migrations/version";
import { errorText } from "../error/errorText";
import classes from "./PlanDialog.module.css";

const shown = 12;

/** The tenants of a plan: who is changed and how, who is left as it is and why. */
export function PlanChanges({ plan }: { plan: Plan }) {
  const { t } = useTranslation("plan");
  const changed = plan.tenants.filter((tenant) => tenant.skipped === null);
  const skipped = plan.tenants.filter((tenant) => tenant.skipped !== null);
  return (
    <>
      <p className={classes.total}>{t("tenants", { count: changed.length })}</p>
      <ul className={classes.list}>
        {changed.slice(0, shown).map((tenant) => (
          <li key={tenant.schema}>
            <span className={classes.name}>{tenant.name}</span>
            {tenant.steps.map((step) => (
              <code key={step} className={classes.step} title={step}>
                {plainVersion(step)}
              </code>
            ))}
          </li>
        ))}
        {changed.length > shown && <li>{t("andMore", { count: changed.length - shown })}</li>}
      </ul>
      {skipped.length > 0 && (
        <>
          <p className={classes.total}>{t("skipped", { count: skipped.length })}</p>
          <ul className={classes.list}>
            {skipped.slice(0, shown).map((tenant) => (
              <li key={tenant.schema}>
                <span className={classes.name}>{tenant.name}</span>
                <span className={classes.why}>{tenant.skipped && errorText(tenant.skipped).title}</span>
              </li>
            ))}
            {skipped.length > shown && <li>{t("andMore", { count: skipped.length - shown })}</li>}
          </ul>
        </>
      )}
    </>
  );
}
