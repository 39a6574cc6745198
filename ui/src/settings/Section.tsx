import { type ReactNode, useId } from "react";
import classes from "./SettingsPage.module.css";

/** Settings that belong together. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.section} aria-labelledby={id}>
      <h2 id={id} className={classes.heading}>
        {title}
      </h2>
      <div className={classes.rows}>{children}</div>
    </section>
  );
}

type RowProps = { id?: string; label: string; hint?: ReactNode; children: ReactNode };

/** One setting: its name and what it does at the start of the line, the choice at its end. */
export function Row({ id, label, hint, children }: RowProps) {
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <div id={id} className={classes.label}>
          {label}
        </div>
        {hint && <p className={classes.hint}>{hint}</p>}
      </div>
      <div className={classes.control}>{children}</div>
    </div>
  );
}
