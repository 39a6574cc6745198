import { Button } from "@mantine/core";
import { IconFileSpreadsheet, IconFolderOpen } from "@tabler/icons-react";
import { useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { usePickWorkbook } from "../api/workbooks";
import { EmptyState } from "../components/empty/EmptyState";
import { Pane } from "../components/error/Pane";
import { PageHeader } from "../components/page/PageHeader";
import { BackupParts } from "./BackupParts";
import classes from "./BackupsPage.module.css";
import { OpenWorkbook } from "./OpenWorkbook";
import { useShowWorkbook } from "./useShowWorkbook";

/** The place "backups": a workbook that was written before, whether it is still that, and the way back from it. */
export function WorkbookPage() {
  const { t } = useTranslation(["backups", "common"]);
  const { file } = useSearch({ from: "/frame/backups" });
  const show = useShowWorkbook();
  const pick = usePickWorkbook();
  const open = () =>
    pick.mutate(t("backups:workbook.pick"), {
      onSuccess: (path) => path !== null && show(path),
    });
  const button = (
    <Button
      variant={file === undefined ? "filled" : "default"}
      leftSection={<IconFolderOpen size={15} />}
      loading={pick.isPending}
      onClick={open}
    >
      {t("backups:workbook.open")}
    </Button>
  );
  return (
    <div className={classes.page}>
      <PageHeader title={t("common:place.backups")} subtitle={t("backups:workbook.subtitle")}>
        <BackupParts />
        {file !== undefined && button}
      </PageHeader>
      <div className={classes.content}>
        {file === undefined ? (
          <EmptyState
            icon={<IconFileSpreadsheet size={36} stroke={1.3} />}
            title={t("backups:workbook.empty")}
            action={button}
          >
            {t("backups:workbook.emptyText")}
          </EmptyState>
        ) : (
          <Pane resetKey={file}>
            <OpenWorkbook key={file} path={file} onOpenOther={open} />
          </Pane>
        )}
      </div>
    </div>
  );
}
