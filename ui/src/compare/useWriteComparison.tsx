import { Button } from "@mantine/core";
import { IconFolderOpen } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useExportComparison } from "../api/compare";
import { useRevealExport } from "../api/exports";
import { showNotice } from "../components/notice/notice";

/** Writes the comparison as an Excel file and says where it is. */
export function useWriteComparison() {
  const { i18n } = useTranslation();
  const write = useExportComparison();
  const reveal = useRevealExport();
  const written = (path: string) =>
    showNotice({
      id: `comparison-${path}`,
      title: (t) => t("compare:written"),
      message: (t) => (
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
      tone: "ok",
      stays: 12_000,
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
