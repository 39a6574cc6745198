import { useTranslation } from "react-i18next";
import type { MigrationInfo, Plan } from "../api/types";
import { errorText } from "../components/error/errorText";
import { useFormat } from "../i18n/format";
import classes from "./MigrateDialog.module.css";

type MigrateChangesProps = { plan: Plan; migrations: readonly MigrationInfo[] };

/** What a plan to migrate changes: migrations with how many tenants get them, and who is left as they are. */
export function MigrateChanges({ plan, migrations }: MigrateChangesProps) {
  const { t } = useTranslation("migrations");
  const format = useFormat();
  const steps = countSteps(plan);
  const skipped = groupSkipped(plan);
  return (
    <>
      {steps.length === 0 ? (
        <p className={classes.nothing}>{t("dialog.nothing")}</p>
      ) : (
        <ul className={classes.steps}>
          {steps.map(([version, count]) => {
            const migration = migrations.find((one) => one.version === version);
            return (
              <li key={version}>
                <b>{version}</b>
                <span>{migration?.description}</span>
                {migration?.impact && <span className={classes.of}>{migration.impact}</span>}
                <span className={classes.of}>{t("dialog.tenants", { count })}</span>
              </li>
            );
          })}
        </ul>
      )}
      {skipped.length > 0 && (
        <>
          <p className={classes.total}>{t("dialog.unchanged")}</p>
          <ul className={classes.skipped}>
            {skipped.map(({ reason, names }) => (
              <li key={reason}>
                <b>{format.number(names.length)}</b>
                <span>{reason}</span>
                {names.length <= 3 && <span className={classes.of}>{names.join(", ")}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** How many tenants get each version, in order. */
function countSteps(plan: Plan): [number, number][] {
  const counts = new Map<number, number>();
  for (const tenant of plan.tenants) {
    if (tenant.skipped) continue;
    for (const step of tenant.steps) {
      const version = Number.parseInt(step, 10);
      counts.set(version, (counts.get(version) ?? 0) + 1);
    }
  }
  return [...counts].sort(([a], [b]) => a - b);
}

/** Tenants that stay as they are, by reason. */
function groupSkipped(plan: Plan): { reason: string; names: string[] }[] {
  const groups = new Map<string, string[]>();
  for (const { skipped, name } of plan.tenants) {
    if (!skipped) continue;
    const reason = errorText(skipped).title;
    groups.set(reason, [...(groups.get(reason) ?? []), name]);
  }
  return [...groups].map(([reason, names]) => ({ reason, names }));
}
