import { Button } from "@mantine/core";
import { IconFolderOpen } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { exportedFilesQueryOptions, useRevealExport } from "../api/exports";

/** Leads to what an export wrote. */
export function ExportedActions({ run }: { run: string }) {
  const { t } = useTranslation("runs");
  const { data: files } = useQuery(exportedFilesQueryOptions(run));
  const reveal = useRevealExport();
  const [first] = files ?? [];
  if (!first) return null;
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      leftSection={<IconFolderOpen size={15} />}
      onClick={() => reveal.mutate(first.path)}
    >
      {t("reveal")}
    </Button>
  );
}
