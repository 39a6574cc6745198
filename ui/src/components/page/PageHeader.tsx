import type { ReactNode } from "react";
import classes from "./PageHeader.module.css";

type PageHeaderProps = {
  title: ReactNode;
  /** Figures of the place in one line. */
  subtitle?: ReactNode;
  /** Before the title: a way back. */
  before?: ReactNode;
  /** Actions of the place, at the end of the line. */
  children?: ReactNode;
};

/** The first line of a place. */
export function PageHeader({ title, subtitle, before, children }: PageHeaderProps) {
  return (
    <div className={classes.header}>
      {before}
      <h1 className={classes.title}>{title}</h1>
      {subtitle && <p className={classes.subtitle}>{subtitle}</p>}
      {children && <div className={classes.actions}>{children}</div>}
    </div>
  );
}
