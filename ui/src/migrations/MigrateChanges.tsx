import { useTranslation } from "react-i18next";
import type { MigrationInfo, Plan } from "../api/types";
import { errorText } from "../components/error/errorText";
import { useFormat } from "../i18n/format";
import classes from "./MigrateDialog.module.css";
import { PlannedLosses } from "./PlannedLosses";
import { plainVersion } from "./version";

type MigrateChangesProps = {
  plan: Plan;
  migrations: readonly MigrationInfo[];
  /** After the canaries a person decides. */
  ask?: boolean;
};

/**
 * What a plan to migrate changes: what is lost on the way down, who goes first, migrations with how many tenants they
 * concern, and who is left as they are.
 */
export function MigrateChanges({ plan, migrations, ask = false }: MigrateChangesProps) {
  const { t } = useTranslation("migrations");
  const format = useFormat();
  const steps = countSteps(plan);
  const skipped = groupSkipped(plan);
  const down = plan.kind === "migrate_down";
  const changed = plan.tenants.filter((tenant) => tenant.skipped === null);
  const canaries = changed.filter((tenant) => tenant.canary);
  return (
    <>
      {down && changed.length > 0 && <PlannedLosses plan={plan} changes={changed.length} />}
      {canaries.length > 0 && canaries.length < changed.length && (
        <Canaries names={canaries.map((tenant) => tenant.name)} ask={ask} />
      )}
      {steps.length === 0 ? (
        <p className={classes.nothing}>{t(down ? "revertDialog.nothing" : "dialog.nothing")}</p>
      ) : (
        <ul className={classes.steps}>
          {steps.map(([version, count]) => {
            const migration = migrations.find((one) => one.version === version);
            const says = down ? migration?.rollback : migration?.impact;
            return (
              <li key={version}>
                <b title={String(version)}>{plainVersion(version)}</b> {migration?.description}
                {says && <span className={classes.of}>{says}</span>}
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

/** Who goes ahead of the others; more than a few are told as a number only. */
function Canaries({ names, ask }: { names: readonly string[]; ask: boolean }) {
  const { t } = useTranslation(["migrations", "plan"]);
  const shown = names.slice(0, 5);
  return (
    <div className={classes.canaries}>
      <p className={classes.total}>{t("migrations:dialog.canaries", { count: names.length })}</p>
      <ul className={classes.canaryNames}>
        {shown.map((name) => (
          <li key={name}>
            <bdi>{name}</bdi>
          </li>
        ))}
        {names.length > shown.length && <li>{t("plan:andMore", { count: names.length - shown.length })}</li>}
      </ul>
      <p className={classes.note}>{t(ask ? "migrations:dialog.thenAsk" : "migrations:dialog.thenGoOn")}</p>
    </div>
  );
}

/** How many tenants each version concerns, in the order in which they come. */
function countSteps(plan: Plan): [number, number][] {
  const counts = new Map<number, number>();
  for (const tenant of plan.tenants) {
    if (tenant.skipped) continue;
    for (const step of tenant.steps) {
      const version = Number.parseInt(step, 10);
      counts.set(version, (counts.get(version) ?? 0) + 1);
    }
  }
  const down = plan.kind === "migrate_down";
  return [...counts].sort(([a], [b]) => (down ? b - a : a - b));
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
