import { useTranslation } from "react-i18next";
import type { Constraint } from "../../api/types";
import classes from "./StructureTab.module.css";

/** The constraints of a table, the primary key first. */
export function ConstraintTable({ constraints }: { constraints: readonly Constraint[] }) {
  const { t } = useTranslation("tenant");
  // The kind is PostgreSQL's own letter: looked up, with the letter as the last resort.
  const look = t as unknown as (key: string, options: object) => string;
  return (
    <div className={classes.wide}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th>{t("structure.name")}</th>
            <th>{t("column.kind")}</th>
            <th>{t("structure.definition")}</th>
          </tr>
        </thead>
        <tbody>
          {constraints.map((constraint) => (
            <tr key={constraint.name}>
              <td>
                <code className={classes.strong}>{constraint.name}</code>
              </td>
              <td className={classes.kind}>
                {look(`structure.kind.${constraint.kind}`, { defaultValue: constraint.kind })}
                {!constraint.validated && <span className={classes.warn}>{t("structure.notValidated")}</span>}
              </td>
              <td>
                <code className={classes.dim}>{constraint.definition}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
