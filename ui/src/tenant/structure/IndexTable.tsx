import { useTranslation } from "react-i18next";
import type { Index } from "../../api/types";
import { Bytes, Figure } from "../../components/figures/Figure";
import classes from "./StructureTab.module.css";

/** The indexes of a table, with what they cost and how often they serve. */
export function IndexTable({ indexes }: { indexes: readonly Index[] }) {
  const { t } = useTranslation("tenant");
  return (
    <div className={classes.wide}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th>{t("structure.name")}</th>
            <th>{t("structure.definition")}</th>
            <th className={classes.number}>{t("structure.size")}</th>
            <th className={classes.number}>{t("structure.scans")}</th>
          </tr>
        </thead>
        <tbody>
          {indexes.map((index) => (
            <tr key={index.name}>
              <td>
                <code className={classes.strong}>{index.name}</code>
                {index.primary && <span className={classes.tag}>{t("structure.primaryKey")}</span>}
                {index.unique && !index.primary && (
                  <span className={classes.tag}>{t("structure.unique")}</span>
                )}
                {!index.valid && <span className={classes.warn}>{t("structure.invalid")}</span>}
              </td>
              <td>
                <code className={classes.dim}>{index.definition}</code>
              </td>
              <td className={classes.number}>
                <Bytes value={index.size_bytes} />
              </td>
              <td className={classes.number} title={index.scans === 0 ? t("structure.unused") : undefined}>
                <Figure value={index.scans} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
