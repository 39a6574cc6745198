import type { TablerIcon } from "@tabler/icons-react";
import classes from "./Dialogs.module.css";

export type Change = { icon: TablerIcon; text: string; code?: string };

/** What a plan changes, in words; below, what it leaves alone. */
export function Changes({ changes, rest }: { changes: readonly Change[]; rest: string }) {
  return (
    <>
      <ul className={classes.changes}>
        {changes.map(({ icon: Icon, text, code }) => (
          <li key={text}>
            <Icon size={16} stroke={1.6} aria-hidden="true" />
            <span>
              {text}
              {code && <code>{code}</code>}
            </span>
          </li>
        ))}
      </ul>
      <p className={classes.rest}>{rest}</p>
    </>
  );
}
