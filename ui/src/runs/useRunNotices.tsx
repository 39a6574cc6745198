import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { onDatabaseLeft } from "../api/client";
import type { RunSummary } from "../api/types";
import { ClonedActions } from "../clone/ClonedActions";
import { hideNotice, showNotice } from "../components/notice/notice";
import { useFormat } from "../i18n/format";
import { MovedActions } from "../misplaced/MovedActions";
import { DroppedActions } from "../quarantine/DroppedActions";
import { canUndo } from "./followUp";
import { isNoted, noteRun } from "./memory";
import { openRevisit } from "./revisit";
import { onRunEnd } from "./store";
import { useFollowUp } from "./useFollowUp";

/** The name of the notice of a run's end. */
export const noticeOf = (run: string) => `run-${run}`;

/**
 * Says how a run went when it ends, and offers to undo it where it can be undone. Stays until it was seen when the
 * window is in the background, and is not needed over a dock that is open: the dock says and offers the same.
 */
export function useRunNotices(
  opened: boolean,
  onShow: (run: string) => void,
  onOpen: (schema: string) => void,
): void {
  const latest = useRef({ opened, onShow, onOpen });
  useEffect(() => {
    latest.current = { opened, onShow, onOpen };
  });
  // What was said about one database is not said over another.
  useEffect(() => onDatabaseLeft(() => notifications.clean()), []);
  useEffect(
    () =>
      onRunEnd((summary) => {
        // A run that had ended before a reload was announced then.
        if (isNoted("announced", summary.run)) return;
        noteRun("announced", summary.run);
        if (latest.current.opened && !document.hidden) return;
        const troubled = summary.failed > 0;
        const id = noticeOf(summary.run);
        showNotice({
          id,
          title: (t) => t(`runs:finished.${summary.kind}`, { count: summary.done }),
          message: () => (
            <RunNotice
              summary={summary}
              onShow={() => {
                hideNotice(id);
                latest.current.onShow(summary.run);
              }}
              onOpen={(schema) => {
                hideNotice(id);
                latest.current.onOpen(schema);
              }}
              onClose={() => hideNotice(id)}
              onUndo={() => {
                hideNotice(id);
                openRevisit(summary.run, "undo");
              }}
            />
          ),
          tone: troubled ? "bad" : summary.cancelled + summary.not_started > 0 ? "warn" : "ok",
          // Long enough to reach a button in it.
          stays: document.hidden || troubled ? false : leadsOn(summary) ? 15_000 : 5000,
        });
      }),
    [],
  );
}

/** There is something to go on with from here. */
const leadsOn = (summary: RunSummary) =>
  canUndo(summary) || (summary.done > 0 && ["drop", "clone", "move"].includes(summary.kind));

type RunNoticeProps = {
  summary: RunSummary;
  onShow: () => void;
  onOpen: (schema: string) => void;
  onUndo: () => void;
  onClose: () => void;
};

function RunNotice({ summary, onShow, onOpen, onUndo, onClose }: RunNoticeProps) {
  const { t } = useTranslation("runs");
  const format = useFormat();
  const { here, canUndo: undoable } = useFollowUp(summary);
  const cloned = summary.kind === "clone" && summary.done > 0 && here;
  const unfinished = summary.cancelled + summary.not_started;
  const says = [
    !here ? t("elsewhere", { database: summary.database }) : null,
    summary.failed > 0 ? t("failed", { count: summary.failed }) : null,
    summary.skipped > 0 ? t("skipped", { count: summary.skipped }) : null,
    unfinished > 0 ? t("stopped", { count: unfinished }) : null,
    summary.stopped ? t(`short.${summary.stopped}`) : null,
    t("took", { duration: format.duration(summary.duration_ms) }),
  ];
  return (
    <>
      {says.filter((part) => part !== null).join(" · ")}
      {(summary.failed > 0 || leadsOn(summary)) && (
        <Group gap={6} mt={6}>
          {summary.failed > 0 && (
            <Button size="compact-sm" onClick={onShow}>
              {t("showFailed", { count: summary.failed })}
            </Button>
          )}
          {undoable && (
            <Button size="compact-sm" onClick={onUndo}>
              {t("undo")}
            </Button>
          )}
          <DroppedActions summary={summary} onChosen={onClose} />
          <MovedActions summary={summary} onChosen={onClose} />
          {cloned && <ClonedActions summary={summary} onShow={onShow} onOpen={onOpen} />}
        </Group>
      )}
    </>
  );
}
