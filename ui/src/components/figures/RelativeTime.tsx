import i18next from "i18next";
import { useSyncExternalStore } from "react";
import { useFormat } from "../../i18n/format";
import classes from "./Figure.module.css";

/** One clock for every relative time of the window, ticking once a minute while somebody looks. */
const listeners = new Set<() => void>();
let now = Date.now();
let ticking: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = Date.now();
    ticking = setInterval(() => {
      now = Date.now();
      for (const one of listeners) one();
    }, 60_000);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(ticking);
  };
}

const present = () => now;

/** How long ago, with date and time on hover. `null` reads "never". */
export function RelativeTime({ value }: { value: string | null }) {
  const format = useFormat();
  const at = useSyncExternalStore(subscribe, present);
  if (value === null) return <span className={classes.unknown}>{i18next.t("figure.never")}</span>;
  return (
    <time dateTime={value} className="tabular" title={format.dateTime(value)}>
      {format.relative(value, Math.max(at, Date.parse(value))) || i18next.t("figure.now")}
    </time>
  );
}
