import { useTranslation } from "react-i18next";
import type { MaintainPlan, PlannedTable } from "../api/types";
import { Bytes, Figure } from "../components/figures/Figure";
import planClasses from "../components/plan/PlanDialog.module.css";
import { Sign } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import classes from "./Maintain.module.css";
import { reasonText } from "./words";

/** So many tables are listed; the others are counted. */
const shown = 60;

/** The tables of a plan with their figures, and why they were chosen. */
export function MaintainChanges({ plan }: { plan: MaintainPlan }) {
  const { t } = useTranslation("maintain");
  const tables = plan.tables.slice(0, shown);
  const more = plan.tables_in_all - tables.length;
  const several = plan.tenants.length > 1;
  return (
    <>
      <p className={planClasses.total}>
        {t("extent", { count: plan.tables_in_all })} · <Bytes value={plan.size_bytes} />
      </p>
      <ul className={classes.list}>
        {tables.map((table) => (
          <TableLine key={`${table.schema} ${table.table}`} table={table} several={several} />
        ))}
        {more > 0 && <li className={classes.dim}>{t("more", { count: more })}</li>}
      </ul>
    </>
  );
}

function TableLine({ table, several }: { table: PlannedTable; several: boolean }) {
  const { t } = useTranslation("maintain");
  const format = useFormat();
  const { figures } = table;
  const said = table.left_out ? [table.left_out] : table.reasons;
  return (
    <li data-left={table.left_out !== null || undefined}>
      <span className={classes.name}>
        {table.left_out && <Sign tone="warn" />}
        <bdi>{several ? `${table.schema}.${table.table}` : table.table}</bdi>
      </span>
      <span className={classes.figures}>
        <span>{t("deadRows", { count: figures.dead_rows })}</span>
        {figures.size_bytes !== null && <Bytes value={figures.size_bytes + (figures.index_bytes ?? 0)} />}
        <span className={classes.dim}>
          <Figure value={figures.rows} estimated /> {t("rows", { count: figures.rows })}
        </span>
      </span>
      {said.length > 0 && (
        <span className={classes.why}>{said.map((reason) => reasonText(t, format, reason)).join(" · ")}</span>
      )}
    </li>
  );
}
