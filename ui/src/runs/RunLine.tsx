import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { modifierName } from "../platform/keys";
import { DroppedActions } from "../quarantine/DroppedActions";
import { ExportedActions } from "./ExportedActions";
import { FinishedWords } from "./FinishedWords";
import { hasReport } from "./followUp";
import { ReportButton } from "./ReportButton";
import { RunButtons } from "./RunButtons";
import classes from "./RunDock.module.css";
import { RunningWords } from "./RunningWords";
import { dismissRun, type FollowedRun } from "./store";

type RunLineProps = {
  run: FollowedRun;
  /** It is a run of another database than the window shows. */
  elsewhere: boolean;
  opened: boolean;
  onToggle: () => void;
  /** The other runs. */
  children?: ReactNode;
};

/** A run in one line: what it does, how far it is, what can be done about it. */
export function RunLine({ run, elsewhere, opened, onToggle, children }: RunLineProps) {
  const { t } = useTranslation("runs");
  const { progress, summary } = run;
  return (
    <div className={classes.line}>
      {summary ? <FinishedWords run={run} /> : <RunningWords run={run} />}
      {elsewhere && <b className={classes.stopped}>{t("elsewhere", { database: progress.database })}</b>}
      <span className={classes.space} />
      {children}
      {summary ? (
        <>
          {summary.kind === "export" && summary.done > 0 && <ExportedActions run={summary.run} />}
          {hasReport(summary) && <ReportButton run={summary.run} />}
          {!opened && <DroppedActions subtle summary={summary} />}
          <Tooltip label={t("dismiss")}>
            <ActionIcon size={22} aria-label={t("dismiss")} onClick={() => dismissRun(summary.run)}>
              <IconX size={15} />
            </ActionIcon>
          </Tooltip>
        </>
      ) : (
        // Where the verdict is shown, it has the buttons.
        !(opened && progress.state === "held") && <RunButtons progress={progress} />
      )}
      <Tooltip label={`${modifierName} J`}>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          onClick={onToggle}
          aria-expanded={opened}
          aria-keyshortcuts="Control+J Meta+J"
          leftSection={opened ? <IconChevronDown size={15} /> : <IconChevronUp size={15} />}
        >
          {t("details")}
        </Button>
      </Tooltip>
    </div>
  );
}
