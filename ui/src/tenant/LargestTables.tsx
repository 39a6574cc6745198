import { useTranslation } from "react-i18next";
import type { Table } from "../api/types";
import { Bytes, Figure } from "../components/figures/Figure";
import classes from "./OverviewTab.module.css";

type LargestTablesProps = { tables: readonly Table[]; onTable: (table: string) => void };
const shown = 8;

/** Where the space goes: the largest tables, the share of indexes told apart. */
export function LargestTables({ tables, onTable }: LargestTablesProps) {
  const { t } = useTranslation("tenant");
  const largest = [...tables].sort((a, b) => b.size_bytes - a.size_bytes).slice(0, shown);
  const most = Math.max(1, largest[0]?.size_bytes ?? 1);
  return (
    <section className={classes.card} aria-label={t("largest")}>
      <h2>
        {t("largest")} <small>{t("largestHint")}</small>
      </h2>
      {largest.length === 0 ? (
        <p className={classes.fine}>{t("noTablesText")}</p>
      ) : (
        <table className={classes.bars}>
          <thead className="visually-hidden">
            <tr>
              <th>{t("column.table")}</th>
              <th>{t("column.size")}</th>
              <th>{t("column.rows")}</th>
            </tr>
          </thead>
          <tbody>
            {largest.map((table) => (
              <tr key={table.table}>
                <th scope="row">
                  <button type="button" className={classes.table} onClick={() => onTable(table.table)}>
                    {table.table}
                  </button>
                </th>
                <td className={classes.track}>
                  <span className={classes.bar} style={{ width: `${(100 * table.size_bytes) / most}%` }}>
                    <span
                      className={classes.indexShare}
                      style={{ width: `${(100 * table.index_bytes) / Math.max(1, table.size_bytes)}%` }}
                    />
                  </span>
                </td>
                <td className={classes.number}>
                  <Bytes value={table.size_bytes} estimated={table.size_estimated} />
                </td>
                <td className={classes.number}>
                  <Figure value={table.rows} estimated={table.rows_estimated} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
