import type { ReactNode } from "react";
import classes from "./EmptyState.module.css";

type EmptyStateProps = {
  /** A picture of 40 px, from the icon set. */
  icon?: ReactNode;
  title: string;
  /** What this place is for, and the next step. */
  children?: ReactNode;
  /** The button of the next step. */
  action?: ReactNode;
};

/** A place with nothing in it yet: says why, and teaches the next step. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      {icon && (
        <div className={classes.icon} aria-hidden="true">
          {icon}
        </div>
      )}
      <p className={classes.title}>{title}</p>
      {children && <div className={classes.text}>{children}</div>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  );
}
