import type { TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./ChangeList.module.css";

export type Change = {
  icon: TablerIcon;
  text: ReactNode;
  /** A name in the database, or a path. */
  code?: string;
};

type ChangeListProps = {
  changes: readonly Change[];
  /** They happen one after the other. */
  ordered?: boolean;
  /** What stays as it is. */
  note?: ReactNode;
};

/** What a plan changes, in words; one line each. */
export function ChangeList({ changes, ordered = false, note }: ChangeListProps) {
  const List = ordered ? "ol" : "ul";
  return (
    <>
      <List className={classes.changes}>
        {changes.map(({ icon: Icon, text, code }) => (
          <li key={`${Icon.displayName} ${code}`}>
            <Icon size={16} stroke={1.6} aria-hidden="true" />
            <span>
              {text}
              {code !== undefined && <code>{code}</code>}
            </span>
          </li>
        ))}
      </List>
      {note && <p className={classes.note}>{note}</p>}
    </>
  );
}
