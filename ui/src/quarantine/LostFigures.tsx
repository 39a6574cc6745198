import { useTranslation } from "react-i18next";
import { Bytes, Figure } from "../components/figures/Figure";
import classes from "./Quarantine.module.css";

type LostFiguresProps = { tables: number; rows: number; size: number };

/** How much goes; rows and size are estimates. */
export function LostFigures({ tables, rows, size }: LostFiguresProps) {
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
          <Figure value={rows} estimated />
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
