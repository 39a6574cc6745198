import { IconKey } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Column } from "../../api/types";
import classes from "./StructureTab.module.css";

/** The columns of a table, in attribute order. */
export function ColumnTable({ columns }: { columns: readonly Column[] }) {
  const { t } = useTranslation("tenant");
  const commented = columns.some((column) => column.comment !== null);
  return (
    <div className={classes.wide}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th className={classes.position}>#</th>
            <th>{t("structure.name")}</th>
            <th>{t("structure.type")}</th>
            <th>{t("structure.null")}</th>
            <th>{t("structure.default")}</th>
            {commented && <th>{t("structure.comment")}</th>}
          </tr>
        </thead>
        <tbody>
          {columns.map((column) => (
            <tr key={column.name}>
              <td className={classes.position}>{column.position}</td>
              <td>
                <code className={classes.strong}>{column.name}</code>
                {column.primary_key && (
                  <IconKey
                    size={13}
                    className={classes.key}
                    role="img"
                    aria-label={t("structure.primaryKey")}
                  />
                )}
              </td>
              <td>
                <code>{column.data_type}</code>
              </td>
              <td className={column.not_null ? undefined : classes.dim}>
                {t(column.not_null ? "structure.notNull" : "structure.nullable")}
              </td>
              <td>{column.default && <code className={classes.dim}>{column.default}</code>}</td>
              {commented && <td>{column.comment}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
