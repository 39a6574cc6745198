import { Tooltip } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/format";

/** One clock for every relative time of the window, ticking once a minute. */
const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

function useMinute(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const tick = () => setNow(Date.now());
    listeners.add(tick);
    ticking ??= setInterval(() => {
      for (const listener of listeners) listener();
    }, 60_000);
    return () => {
      listeners.delete(tick);
      if (listeners.size === 0) {
        clearInterval(ticking);
        ticking = undefined;
      }
    };
  }, []);
  return now;
}

/** How long ago, with date and time on hover. `null` reads "never". */
export function RelativeTime({ value }: { value: string | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useMinute();
  if (value === null) return <span style={{ color: "var(--faint)" }}>{t("figure.never")}</span>;
  return (
    <Tooltip label={format.dateTime(value)}>
      <time dateTime={value} className="tabular">
        {format.relative(value, now) || t("figure.now")}
      </time>
    </Tooltip>
  );
}
