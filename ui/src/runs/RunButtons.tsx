import { Button, Tooltip } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useCancelRun, useGoOnRun, usePauseRun } from "../api/runs";
import type { RunProgress } from "../api/types";

/** What can be done with a run that has not ended. */
export function RunButtons({ progress }: { progress: RunProgress }) {
  const { t } = useTranslation(["runs", "common"]);
  const pause = usePauseRun();
  const goOn = useGoOnRun();
  const cancel = useCancelRun();
  const { run, state, kind, total } = progress;
  const cancelling = progress.cancelling || state === "cancelling" || cancel.isPending;
  const waits = state === "paused" || state === "held" ? state : null;
  return (
    <>
      {waits && !cancelling && (
        <Tooltip label={t(`runs:goOnHint.${waits}`)}>
          <Button
            size="compact-sm"
            leftSection={<IconPlayerPlay size={14} />}
            loading={goOn.isPending}
            onClick={() => goOn.mutate(run)}
          >
            {t("runs:goOn")}
          </Button>
        </Tooltip>
      )}
      {!waits && !cancelling && total > 1 && (
        <Tooltip label={t("runs:pauseHint")}>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<IconPlayerPause size={14} />}
            loading={pause.isPending}
            onClick={() => pause.mutate(run)}
          >
            {t("runs:pause")}
          </Button>
        </Tooltip>
      )}
      <Tooltip label={t(`runs:cancelHint.${kind}`)}>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          disabled={cancelling}
          onClick={() => cancel.mutate(run)}
        >
          {t(cancelling ? "runs:cancelling" : "common:action.cancel")}
        </Button>
      </Tooltip>
    </>
  );
}
