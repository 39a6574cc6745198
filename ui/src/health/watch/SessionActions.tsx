import { Button, Tooltip } from "@mantine/core";
import { IconPlayerStop, IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { SessionActivity } from "../../api/types";
import { useSignalRefusal } from "./useSignalRefusal";
import classes from "./Watch.module.css";
import type { Signal } from "./words";

type SessionActionsProps = {
  /** The selected sessions that are still there. */
  targets: readonly SessionActivity[];
  onSignal: (signal: Signal) => void;
};

/** What can be done with the selected sessions. */
export function SessionActions({ targets, onSignal }: SessionActionsProps) {
  const { t } = useTranslation("watch");
  if (targets.length === 0) return null;
  return (
    <div className={classes.selection}>
      <b role="status">{t("end.selected", { count: targets.length })}</b>
      <SignalButtons targets={targets} onSignal={onSignal} />
    </div>
  );
}

/** Ends sessions, or cancels what they run: each by its plan. */
export function SignalButtons({ targets, onSignal }: SessionActionsProps) {
  const { t } = useTranslation("watch");
  const refusal = useSignalRefusal();
  const refused = refusal !== null;
  const runs = targets.some((one) => one.state === "active" || one.state === "function_call");
  return (
    <>
      <Tooltip label={refusal} disabled={!refused}>
        <Button
          leftSection={<IconPlugConnectedX size={15} />}
          data-disabled={refused || undefined}
          aria-disabled={refused || undefined}
          onClick={() => !refused && onSignal({ sessions: targets, cancel: false })}
        >
          {t("end.end")}
        </Button>
      </Tooltip>
      {runs && (
        <Tooltip label={refusal} disabled={!refused}>
          <Button
            leftSection={<IconPlayerStop size={15} />}
            data-disabled={refused || undefined}
            aria-disabled={refused || undefined}
            onClick={() => !refused && onSignal({ sessions: targets, cancel: true })}
          >
            {t("end.cancel")}
          </Button>
        </Tooltip>
      )}
    </>
  );
}
