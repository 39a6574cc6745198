import { useTranslation } from "react-i18next";
import classes from "./MatrixGrid.module.css";
import { type CellState, cellStates, glyphs, type MatrixRow } from "./matrix";

/** What the signs mean: the two that are always there, and those that occur. */
export function Legend({ rows }: { rows: readonly MatrixRow[] }) {
  const { t } = useTranslation("migrations");
  const seen = new Set<CellState>(["applied", "pending"]);
  for (const row of rows) {
    if (row.tenant.line_endings.length > 0) seen.add("lineEndings");
    if (row.standing === "problem") for (const state of row.states.values()) seen.add(state);
  }
  return (
    <ul className={classes.legend} aria-label={t("matrix.legend")}>
      {cellStates
        .filter((state) => seen.has(state))
        .map((state) => (
          <li key={state}>
            <span className={classes.swatch} data-state={state} aria-hidden="true">
              {glyphs[state]}
            </span>
            {t(`state.${state}`)}
          </li>
        ))}
    </ul>
  );
}
