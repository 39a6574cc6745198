import { useTranslation } from "react-i18next";
import { Bytes, Figure } from "../components/figures/Figure";
import classes from "./Quarantine.module.css";

type LostFiguresProps = { tables: number; rows: number; counted?: boolean; size: number };

/** How much goes; the size is an estimate, and the rows are one where they were not counted. */
export function LostFigures({ tables, rows, counted = false, size }: LostFiguresProps) {
  const { t } = useTranslation("quarantine");
  return (
    <dl className={classes.figures}>
      <div>
        <dt>{t("figure.tables")}</dt>
        <dd>
          <Figure value={tables} />
        </dd>
      </div>
      <div>
        <dt>{t("figure.rows")}</dt>
        <dd>
          <Figure value={rows} estimated={!counted} />
        </dd>
      </div>
      <div>
        <dt>{t("figure.size")}</dt>
        <dd>
          <Bytes value={size} estimated />
        </dd>
      </div>
    </dl>
  );
}
