import { Select } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PlannedSql } from "../../api/types";
import { SqlView } from "../sql/SqlView";
import classes from "./PlanDialog.module.css";

/** The statements as they will be sent; a choice of group where tenants get different ones. */
export function PlanSql({ statements }: { statements: readonly PlannedSql[] }) {
  const { t } = useTranslation("plan");
  const [group, setGroup] = useState("0");
  const current = statements[Number(group)] ?? statements[0];
  if (!current) return <p className={classes.nothing}>{t("noStatement")}</p>;
  const name = (statement: PlannedSql) =>
    statement.tenants === 1
      ? statement.schema
      : t("alike", { count: statement.tenants - 1, schema: statement.schema });
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
      <SqlView text={current.sql} />
    </>
  );
}
