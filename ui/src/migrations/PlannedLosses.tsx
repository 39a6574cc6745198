import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Plan } from "../api/types";
import { lossesOf } from "./losses";
import classes from "./MigrateDialog.module.css";

const kinds = ["tables", "columns", "rows"] as const;

/** What a plan to revert takes away, as its SQL says, and that nothing but a backup brings it back. */
export function PlannedLosses({ plan, changes }: { plan: Plan; changes: number }) {
  const { t } = useTranslation("migrations");
  const losses = useMemo(() => lossesOf(plan.statements.map((one) => one.sql)), [plan]);
  const lost = kinds.filter((kind) => losses[kind].length > 0);
  return (
    <section className={classes.losses} data-lost={lost.length > 0 || undefined}>
      <p className={classes.total}>{t("loss.title")}</p>
      {lost.length === 0 ? (
        <p className={classes.lossNote}>{t("loss.none")}</p>
      ) : (
        <>
          <ul className={classes.lossList}>
            {lost.map((kind) => (
              <li key={kind}>
                {t(`loss.${kind}`, { count: losses[kind].length, names: losses[kind].join(", ") })}
              </li>
            ))}
          </ul>
          <p className={classes.lossNote}>{t("loss.backup", { count: changes })}</p>
        </>
      )}
    </section>
  );
}
