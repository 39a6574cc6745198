import { Button, Tooltip } from "@mantine/core";
import { IconArchive, IconFolderOpen, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { archivesQueryOptions } from "../api/archives";
import { connectionQueryOptions } from "../api/connection";
import { settingsQueryOptions, useChangeSettings } from "../api/settings";
import { usePickFolder } from "../api/system";
import type { Archive } from "../api/types";
import { EmptyState } from "../components/empty/EmptyState";
import { ErrorView } from "../components/error/ErrorView";
import { Pane } from "../components/error/Pane";
import { DataGrid } from "../components/grid/DataGrid";
import { GridSkeleton } from "../components/grid/GridSkeleton";
import { useGridModel } from "../components/grid/useGridModel";
import { PageHeader } from "../components/page/PageHeader";
import { ArchiveDialog } from "./ArchiveDialog";
import { ArchivePanel } from "./ArchivePanel";
import { archiveColumns } from "./archiveColumns";
import { BackupParts } from "./BackupParts";
import classes from "./BackupsPage.module.css";
import { ClientLine } from "./ClientLine";

const none: Archive[] = [];
const idOf = (archive: Archive) => archive.path;
const nameOf = (archive: Archive) => archive.name || archive.id;

/** The archives of a folder: which there are, whether they can be relied on, and the way back from them. */
export function ArchivesPage() {
  const { t } = useTranslation(["backups", "common"]);
  const { data: settings } = useQuery(settingsQueryOptions());
  const { data: connection } = useQuery(connectionQueryOptions());
  const { mutate: change } = useChangeSettings();
  const pick = usePickFolder();
  const [creating, setCreating] = useState(false);
  const [openedPath, setOpened] = useState<string | null>(null);
  const grid = useRef<HTMLDivElement>(null);
  const folder = settings?.backup_folder ?? null;
  const archives = useQuery(archivesQueryOptions(folder ?? ""));
  const all = archives.data ?? none;
  const columns = useMemo(() => archiveColumns(t), [t]);
  const model = useGridModel("backups.archives", columns, all);
  const opened = all.find((archive) => archive.path === openedPath);
  const choose = () =>
    pick.mutate(t("backups:archive.pick"), {
      onSuccess: (chosen) => {
        if (chosen !== null) change({ backup_folder: chosen });
      },
    });
  const create = connection && (
    <Button variant="filled" leftSection={<IconArchive size={15} />} onClick={() => setCreating(true)}>
      {t("backups:archive.create")}
    </Button>
  );

  return (
    <div className={classes.page}>
      <PageHeader title={t("common:place.backups")} subtitle={t("backups:archive.subtitle")}>
        <BackupParts />
        {folder !== null && create}
      </PageHeader>
      <div className={classes.toolbar}>
        <Button leftSection={<IconFolderOpen size={15} />} loading={pick.isPending} onClick={choose}>
          {t("backups:archive.choose")}
        </Button>
        {folder !== null && (
          <>
            <code className={classes.folder} title={folder}>
              {folder}
            </code>
            <Tooltip label={t("common:action.refresh")}>
              <Button
                aria-label={t("common:action.refresh")}
                loading={archives.isFetching}
                onClick={() => void archives.refetch()}
              >
                <IconRefresh size={15} />
              </Button>
            </Tooltip>
          </>
        )}
        <span className={classes.space} />
        {connection && <ClientLine />}
      </div>
      <div className={classes.content}>
        {folder === null && settings && (
          <EmptyState
            icon={<IconArchive size={36} stroke={1.3} />}
            title={t("backups:archive.noFolder")}
            action={
              <Button variant="filled" leftSection={<IconFolderOpen size={15} />} onClick={choose}>
                {t("backups:archive.choose")}
              </Button>
            }
          >
            {t("backups:archive.noFolderText")}
          </EmptyState>
        )}
        {archives.isLoading && <GridSkeleton columns={columns} />}
        {archives.error && !archives.data && (
          <div className={classes.failure}>
            <ErrorView
              error={archives.error}
              title={t("backups:archive.failed")}
              onRetry={() => void archives.refetch()}
            />
          </div>
        )}
        {archives.data && (
          <>
            <div className={classes.main}>
              <DataGrid
                model={model}
                label={t("backups:archive.part")}
                rowId={idOf}
                rowName={nameOf}
                dense={settings?.dense ?? true}
                onOpen={(archive) => setOpened(archive.path)}
                focusRef={grid}
                empty={
                  <EmptyState
                    icon={<IconArchive size={36} stroke={1.3} />}
                    title={t("backups:archive.empty")}
                    action={create}
                  >
                    {t("backups:archive.emptyText")}
                  </EmptyState>
                }
              />
              {all.length > 0 && (
                <div className={classes.foot}>
                  <span className={classes.dim} role="status">
                    {t("backups:archive.shown", { count: all.length })}
                  </span>
                </div>
              )}
            </div>
            {opened && (
              <Pane resetKey={opened.path}>
                <ArchivePanel
                  key={opened.path}
                  archive={opened}
                  onClose={() => {
                    setOpened(null);
                    grid.current?.focus();
                  }}
                />
              </Pane>
            )}
          </>
        )}
      </div>
      {creating && <ArchiveDialog onClose={() => setCreating(false)} />}
    </div>
  );
}
