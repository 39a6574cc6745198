import { Select } from "@mantine/core";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PlannedSql } from "../../api/types";
import { plainVersion } from "../../migrations/version";
import { SqlView } from "../sql/SqlView";
import classes from "./PlanDialog.module.css";

type PlanSqlProps = {
  statements: readonly PlannedSql[];
  /** They are commands of this computer, not SQL. */
  commands?: boolean;
};

/** The statements as they will be sent; a choice of group where tenants get different ones. */
export function PlanSql({ statements, commands = false }: PlanSqlProps) {
  const { t } = useTranslation("plan");
  const [group, setGroup] = useState("0");
  const current = statements[Number(group)] ?? statements[0];
  if (!current) return <p className={classes.nothing}>{t("noStatement")}</p>;
  const name = (statement: PlannedSql) => groupName(t, statement);
  return (
    <>
      <div className={classes.group}>
        {statements.length > 1 ? (
          <Select
            size="xs"
            aria-label={t("group")}
            allowDeselect={false}
            value={group}
            onChange={(value) => setGroup(value ?? "0")}
            data={statements.map((statement, index) => ({ value: String(index), label: name(statement) }))}
          />
        ) : (
          <code>{name(current)}</code>
        )}
      </div>
      <SqlView text={current.sql} label={commands ? t("commands") : undefined} plain={commands} />
    </>
  );
}

/** How many, where they stand, and the names of the first few. */
function groupName(t: TFunction<"plan">, { tenants, names, from }: PlannedSql): string {
  const more = tenants - names.length;
  const who = more > 0 ? `${names.join(", ")} ${t("andMore", { count: more })}` : names.join(", ");
  const where = from === null ? "" : ` ${t("groupAt", { version: plainVersion(from) })}`;
  if (tenants === 1) return `${who}${where}`;
  return t("groupOf", { tenants: `${t("tenants", { count: tenants })}${where}`, names: who });
}
