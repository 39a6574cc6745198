import { Button } from "@mantine/core";
import { IconArrowBackUp, IconFolderOpen } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useRevealExport } from "../api/exports";
import type { RunSummary } from "../api/types";
import { openLifeStep } from "../tenants/life";
import { useRefusal } from "../tenants/useRefusal";
import { useDropped } from "./useDropped";

type DroppedActionsProps = {
  summary: RunSummary;
  /** Something was chosen: what shows these may go. */
  onChosen?: () => void;
  /** In one line with other words. */
  subtle?: boolean;
};

/** After a drop: the way back as long as there is one, and where the backup is. */
export function DroppedActions({ summary, onChosen, subtle = false }: DroppedActionsProps) {
  const { t } = useTranslation("quarantine");
  const dropped = useDropped(summary);
  const refusal = useRefusal();
  const reveal = useRevealExport();
  if (!dropped) return null;
  const { tenant, backup } = dropped;
  const look = subtle ? ({ size: "compact-sm", variant: "subtle" } as const) : {};
  return (
    <>
      {tenant && !tenant.purge_begun && refusal === null && (
        <Button
          {...look}
          leftSection={<IconArrowBackUp size={15} />}
          onClick={() => {
            openLifeStep({ step: "undrop", tenant });
            onChosen?.();
          }}
        >
          {t("action.undrop")}
        </Button>
      )}
      <Button {...look} leftSection={<IconFolderOpen size={15} />} onClick={() => reveal.mutate(backup)}>
        {t("action.backup")}
      </Button>
    </>
  );
}
