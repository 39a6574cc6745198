import { Button } from "@mantine/core";
import { IconArrowBackUp, IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { RunSummary } from "../api/types";
import { MovedActions } from "../misplaced/MovedActions";
import { DroppedActions } from "../quarantine/DroppedActions";
import { openRevisit } from "./revisit";
import { useFollowUp } from "./useFollowUp";

/** Finishing a run that has ended, and taking back what it did. */
export function FollowUpButtons({ summary }: { summary: RunSummary }) {
  const { t } = useTranslation("runs");
  const { canGoOn, canUndo } = useFollowUp(summary);
  return (
    <>
      {canGoOn && (
        <Button leftSection={<IconPlayerPlay size={15} />} onClick={() => openRevisit(summary.run, "resume")}>
          {t("rest")}
        </Button>
      )}
      {canUndo && (
        <Button leftSection={<IconArrowBackUp size={15} />} onClick={() => openRevisit(summary.run, "undo")}>
          {t("undo")}
        </Button>
      )}
      <DroppedActions summary={summary} />
      <MovedActions summary={summary} />
    </>
  );
}
