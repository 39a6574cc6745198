import { useTranslation } from "react-i18next";
import { useFormat } from "../i18n/format";
import type { ClassRow } from "./classes";
import classes from "./Proportion.module.css";

/** Smaller ones are drawn together. */
const shown = 8;

/** The share of each class in the fleet as one bar. The same figures stand in the list below it. */
export function Proportion({
  rows,
  onOpen,
}: {
  rows: readonly ClassRow[];
  onOpen: (fingerprint: string) => void;
}) {
  const { t } = useTranslation("structure");
  const format = useFormat();
  const drawn = rows.slice(0, shown);
  const rest = rows.slice(shown).reduce((sum, row) => sum + row.share, 0);
  const title = (row: ClassRow) =>
    `${t("panel.label", { name: row.name })} · ${t("tenants", { count: row.members.length })} · ${format.percent(row.share)}`;
  return (
    <figure className={classes.figure} aria-label={t("classes.share")}>
      {drawn.map((row, index) => (
        // The keyboard and who cannot see it have the list: this is its picture.
        <div
          key={row.fingerprint}
          className={classes.part}
          style={{ flexGrow: row.share, "--part": `var(--series-${index + 1})` } as React.CSSProperties}
          title={title(row)}
          aria-hidden="true"
          onClick={() => onOpen(row.fingerprint)}
        >
          {row.share > 0.04 && row.name}
        </div>
      ))}
      {rest > 0 && (
        <div
          className={classes.part}
          style={{ flexGrow: rest, "--part": "var(--faint)" } as React.CSSProperties}
          title={`${t("classes.rest")} · ${format.percent(rest)}`}
          aria-hidden="true"
        />
      )}
    </figure>
  );
}
