import { useTranslation } from "react-i18next";
import type { ChangedCells } from "../api/types";
import { findingText } from "./findings";
import classes from "./VerdictView.module.css";

/** The places of a workbook that are not what was written. */
export function FindingList({ findings }: { findings: readonly ChangedCells[] }) {
  const { t } = useTranslation("backups");
  if (findings.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls has to be reached by the keyboard
    <ul className={classes.findings} aria-label={t("verdict.findings")} tabIndex={0}>
      {findings.map(({ sheet, row, what, finding }) => (
        <li key={`${sheet} ${row} ${what}`}>
          <span className={classes.place}>
            {sheet === "" ? (
              <span>{t("verdict.file")}</span>
            ) : (
              <>
                <code>{sheet}</code> {row > 0 && <span>{t("verdict.row", { row })}</span>}
              </>
            )}
          </span>
          {findingText(t, finding)}
        </li>
      ))}
    </ul>
  );
}
