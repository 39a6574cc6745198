import { useTranslation } from "react-i18next";
import { Sign } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import { runTone } from "./outcomes";
import classes from "./RunDock.module.css";
import type { FollowedRun } from "./store";

/** How a run ended, in one line. */
export function FinishedWords({ run }: { run: FollowedRun }) {
  const { t } = useTranslation("runs");
  const format = useFormat();
  const { summary } = run;
  if (!summary) return null;
  const unfinished = summary.cancelled + summary.not_started;
  return (
    <span className={classes.finished} role="status">
      <Sign tone={runTone(run)} />
      <b>{t(`finished.${summary.kind}`, { count: summary.done })}</b>
      {summary.failed > 0 && <b className={classes.failed}>{t("failed", { count: summary.failed })}</b>}
      {summary.skipped > 0 && (
        <span className={classes.extra}>{t("skipped", { count: summary.skipped })}</span>
      )}
      {unfinished > 0 && <span className={classes.stopped}>{t("stopped", { count: unfinished })}</span>}
      {summary.stopped && <span className={classes.stopped}>{t(`short.${summary.stopped}`)}</span>}
      {summary.duration_ms > 0 && (
        <span className={classes.dim}>{t("took", { duration: format.duration(summary.duration_ms) })}</span>
      )}
    </span>
  );
}
