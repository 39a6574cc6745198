import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconFolderOpen } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useExportComparison } from "../api/compare";
import { useRevealExport } from "../api/exports";

/** Writes the comparison as an Excel file and says where it is. */
export function useWriteComparison() {
  const { t, i18n } = useTranslation(["compare", "common", "runs"]);
  const write = useExportComparison();
  const reveal = useRevealExport();
  const written = (path: string) =>
    notifications.show({
      id: `comparison-${path}`,
      title: t("compare:written"),
      message: (
        <>
          <code style={{ overflowWrap: "anywhere" }}>{path}</code>
          <Button
            size="compact-sm"
            mt={6}
            display="block"
            leftSection={<IconFolderOpen size={15} />}
            onClick={() => reveal.mutate(path)}
          >
            {t("runs:reveal")}
          </Button>
        </>
      ),
      closeButtonProps: { "aria-label": t("common:action.close") },
      color: "ok",
      autoClose: 12_000,
    });
  return {
    isPending: write.isPending,
    start: (tenants: readonly string[], exact: boolean) =>
      write.mutate(
        { tenants, exact, language: i18n.language },
        { onSuccess: (path) => path !== null && written(path) },
      ),
  };
}
