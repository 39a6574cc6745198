import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import i18next from "i18next";
import { useEffect, useRef } from "react";
import type { RunSummary } from "../api/types";
import { formatFor } from "../i18n/format";
import { isNoted, noteRun } from "./memory";
import { onRunEnd } from "./store";

/**
 * Says how a run went when it ends. Stays until it was seen when the window is in the background, and is not needed
 * over a dock that is open: the dock says the same.
 */
export function useRunNotices(opened: boolean, onShow: (run: string) => void): void {
  const latest = useRef({ opened, onShow });
  useEffect(() => {
    latest.current = { opened, onShow };
  });
  useEffect(
    () =>
      onRunEnd((summary) => {
        // A run that had ended before a reload was announced then.
        if (isNoted("announced", summary.run)) return;
        noteRun("announced", summary.run);
        if (latest.current.opened && !document.hidden) return;
        const troubled = summary.failed > 0;
        notifications.show({
          id: `run-${summary.run}`,
          title: i18next.t(`finished.${summary.kind}`, { ns: "runs", count: summary.done }),
          message: (
            <>
              {describe(summary)}
              {troubled && (
                <Button
                  size="compact-sm"
                  mt={6}
                  display="block"
                  onClick={() => {
                    notifications.hide(`run-${summary.run}`);
                    latest.current.onShow(summary.run);
                  }}
                >
                  {i18next.t("showFailed", { ns: "runs", count: summary.failed })}
                </Button>
              )}
            </>
          ),
          closeButtonProps: { "aria-label": i18next.t("action.close") },
          color: troubled ? "bad" : summary.cancelled + summary.not_started > 0 ? "warn" : "ok",
          autoClose: document.hidden || troubled ? false : 5000,
        });
      }),
    [],
  );
}

function describe(summary: RunSummary): string {
  const duration = formatFor(i18next.language).duration(summary.duration_ms);
  const stopped = summary.cancelled + summary.not_started;
  return [
    summary.failed > 0 ? i18next.t("failed", { ns: "runs", count: summary.failed }) : null,
    summary.skipped > 0 ? i18next.t("skipped", { ns: "runs", count: summary.skipped }) : null,
    stopped > 0 ? i18next.t("stopped", { ns: "runs", count: stopped }) : null,
    i18next.t("took", { ns: "runs", duration }),
  ]
    .filter((part) => part !== null)
    .join(" · ");
}
