import { Progress } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { RunActivity } from "../api/types";
import { Sign } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import { activityText } from "../maintain/words";
import { runTone } from "./outcomes";
import classes from "./RunDock.module.css";
import type { FollowedRun } from "./store";

/** How far a run is, in words and as a bar. */
export function RunningWords({ run }: { run: FollowedRun }) {
  const { t } = useTranslation("runs");
  const format = useFormat();
  const { progress } = run;
  const { state } = progress;
  const byRows = progress.rows_expected > 0;
  const share = byRows
    ? progress.rows / progress.rows_expected
    : progress.ended / Math.max(1, progress.total);
  const moves = state === "running" || state === "canary";
  const kind = t(`kind.${progress.kind}`);
  return (
    <>
      <b className={classes.kind}>{kind}</b>
      <span className={classes.state} role="status" data-waits={state === "held" || undefined}>
        {state === "held" && <Sign tone={runTone(run)} />}
        {state === "canary" &&
          progress.canary_turns &&
          t("state.canary", {
            ended: progress.canary_turns.ended,
            total: progress.canary_turns.planned,
          })}
        {(state === "held" || state === "paused") && t(`state.${state}`)}
      </span>
      {state !== "canary" && <span>{t("progress", { ended: progress.ended, total: progress.total })}</span>}
      <Progress
        className={classes.bar}
        value={Math.min(1, share) * 100}
        size={6}
        aria-label={t("progressOf", { kind })}
      />
      {progress.failed > 0 && <b className={classes.failed}>{t("failed", { count: progress.failed })}</b>}
      {byRows && (
        <span className={classes.extra}>
          {t("rows", { rows: progress.rows, expected: progress.rows_expected })}
        </span>
      )}
      {state === "running" && !byRows && progress.activities.length === 0 && <Rate run={run} />}
      {progress.activities[0] && <Activity activity={progress.activities[0]} />}
      {moves && progress.remaining_ms !== null && state !== "canary" && (
        <span className={classes.dim}>{t("left", { duration: format.duration(progress.remaining_ms) })}</span>
      )}
    </>
  );
}

/** What the server does in one of the tenants at this moment. */
function Activity({ activity }: { activity: RunActivity }) {
  const { t } = useTranslation("maintain");
  const text = activityText(t, activity);
  return (
    <span className={classes.activity} title={`${activity.schema} · ${text}`}>
      <bdi>{activity.schema}</bdi> · {text}
    </span>
  );
}

/** Tenants per second; per minute where a second is too short for one. */
function Rate({ run: { progress } }: { run: FollowedRun }) {
  const { t } = useTranslation("runs");
  const { remaining_ms: remaining, elapsed_ms: elapsed } = progress;
  if (!remaining || elapsed < 1500) return null;
  // What is left by the time left: of a run that was gone on with, others did the first part.
  const rate = ((progress.total - progress.ended) / remaining) * 1000;
  if (rate * 60 < 1) return null;
  return (
    <span className={classes.extra}>
      {rate >= 1 ? t("rate", { rate }) : t("ratePerMinute", { rate: Math.round(rate * 60) })}
    </span>
  );
}
