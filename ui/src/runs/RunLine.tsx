import { ActionIcon, Button, Progress, Tooltip } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useCancelRun } from "../api/runs";
import { Sign } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import { modifierName } from "../platform/keys";
import { ExportedActions } from "./ExportedActions";
import { runTone } from "./outcomes";
import classes from "./RunDock.module.css";
import { dismissRun, type FollowedRun } from "./store";

type RunLineProps = {
  run: FollowedRun;
  opened: boolean;
  onToggle: () => void;
  /** The other runs. */
  children?: ReactNode;
};

/** A run in one line: what it does, how far it is, what can be done about it. */
export function RunLine({ run, opened, onToggle, children }: RunLineProps) {
  const { t } = useTranslation(["runs", "common"]);
  const cancel = useCancelRun();
  const { progress, summary } = run;
  const cancelling = progress.cancelling || cancel.isPending;
  return (
    <div className={classes.line}>
      {summary ? <Finished run={run} /> : <Running run={run} />}
      <span className={classes.space} />
      {children}
      {summary ? (
        <>
          {summary.kind === "export" && summary.done > 0 && <ExportedActions run={summary.run} />}
          <Tooltip label={t("runs:dismiss")}>
            <ActionIcon size={22} aria-label={t("runs:dismiss")} onClick={() => dismissRun(summary.run)}>
              <IconX size={15} />
            </ActionIcon>
          </Tooltip>
        </>
      ) : (
        <Tooltip label={t(`runs:cancelHint.${progress.kind}`)}>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            disabled={cancelling}
            onClick={() => cancel.mutate(progress.run)}
          >
            {t(cancelling ? "runs:cancelling" : "common:action.cancel")}
          </Button>
        </Tooltip>
      )}
      <Tooltip label={`${modifierName} J`}>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          onClick={onToggle}
          aria-expanded={opened}
          leftSection={opened ? <IconChevronDown size={15} /> : <IconChevronUp size={15} />}
        >
          {t("runs:details")}
        </Button>
      </Tooltip>
    </div>
  );
}

function Running({ run: { progress } }: { run: FollowedRun }) {
  const { t } = useTranslation("runs");
  const format = useFormat();
  const byRows = progress.rows_expected > 0;
  const share = byRows
    ? progress.rows / progress.rows_expected
    : progress.ended / Math.max(1, progress.total);
  const perMinute = progress.elapsed_ms > 1500 ? (progress.ended / progress.elapsed_ms) * 60_000 : null;
  return (
    <>
      <b className={classes.kind}>{t(`kind.${progress.kind}`)}</b>
      <span>{t("progress", { ended: progress.ended, total: progress.total })}</span>
      <Progress
        className={classes.bar}
        value={Math.min(1, share) * 100}
        size={6}
        aria-label={t("progressOf", { kind: t(`kind.${progress.kind}`) })}
      />
      {progress.failed > 0 && <b className={classes.failed}>{t("failed", { count: progress.failed })}</b>}
      {byRows && (
        <span className={classes.extra}>
          {t("rows", { rows: progress.rows, expected: progress.rows_expected })}
        </span>
      )}
      {!byRows && perMinute !== null && perMinute >= 1 && (
        <span className={classes.extra}>{t("rate", { rate: Math.round(perMinute) })}</span>
      )}
      {progress.remaining_ms !== null && (
        <span className={classes.dim}>{t("left", { duration: format.duration(progress.remaining_ms) })}</span>
      )}
    </>
  );
}

function Finished({ run }: { run: FollowedRun }) {
  const { t } = useTranslation("runs");
  const format = useFormat();
  const { summary } = run;
  if (!summary) return null;
  const stopped = summary.cancelled + summary.not_started;
  return (
    <span className={classes.finished} role="status">
      <Sign tone={runTone(run)} />
      <b>{t(`finished.${summary.kind}`, { count: summary.done })}</b>
      {summary.failed > 0 && <b className={classes.failed}>{t("failed", { count: summary.failed })}</b>}
      {summary.skipped > 0 && (
        <span className={classes.extra}>{t("skipped", { count: summary.skipped })}</span>
      )}
      {stopped > 0 && <span className={classes.stopped}>{t("stopped", { count: stopped })}</span>}
      <span className={classes.dim}>{t("took", { duration: format.duration(summary.duration_ms) })}</span>
    </span>
  );
}
