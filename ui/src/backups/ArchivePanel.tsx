import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useEventListener } from "@mantine/hooks";
import { IconFolderOpen, IconRestore, IconShieldCheck, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRevealArchive } from "../api/archives";
import { connectionQueryOptions } from "../api/connection";
import type { Archive } from "../api/types";
import { ErrorView } from "../components/error/ErrorView";
import { Bytes, Figure } from "../components/figures/Figure";
import { Status } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import { stateOf } from "./archiveColumns";
import classes from "./BackupsPage.module.css";
import { Facts } from "./Facts";
import { ReturnDialog } from "./ReturnDialog";
import { restoreRefusal } from "./refusal";

/** One archive, and what can be done with it. */
export function ArchivePanel({ archive, onClose }: { archive: Archive; onClose: () => void }) {
  const { t } = useTranslation(["backups", "common", "runs"]);
  const format = useFormat();
  const { data: connection } = useQuery(connectionQueryOptions());
  const reveal = useRevealArchive();
  const [dialog, setDialog] = useState<"verify" | "restore" | null>(null);
  const refusal = restoreRefusal(connection ?? null);
  const panel = useEventListener("keydown", (event) => {
    if (event.key === "Escape" && dialog === null) onClose();
  });
  return (
    <aside ref={panel} className={classes.aside} aria-label={archive.name || archive.id}>
      <header className={classes.asideHeader}>
        <h2 className={classes.name}>
          <bdi>{archive.name || archive.id}</bdi>
        </h2>
        <Tooltip label={t("common:action.close")}>
          <ActionIcon size={22} aria-label={t("common:action.close")} onClick={onClose}>
            <IconX size={15} />
          </ActionIcon>
        </Tooltip>
      </header>
      {archive.problem ? (
        <ErrorView error={archive.problem} plain />
      ) : (
        <>
          {!archive.verified && <p className={classes.why}>{t("backups:archive.notVerifiedHint")}</p>}
          <div className={classes.buttons}>
            <Button
              leftSection={<IconShieldCheck size={15} />}
              disabled={refusal !== null}
              onClick={() => setDialog("verify")}
            >
              {t("backups:return.verify")}
            </Button>
            <Button
              leftSection={<IconRestore size={15} />}
              disabled={refusal !== null}
              onClick={() => setDialog("restore")}
            >
              {t("backups:return.restore")}
            </Button>
            <Button leftSection={<IconFolderOpen size={15} />} onClick={() => reveal.mutate(archive.path)}>
              {t("runs:reveal")}
            </Button>
          </div>
          {refusal !== null && (
            <p className={classes.why}>
              {t(`backups:return.refused.${refusal}`, {
                role: connection?.server.role,
                database: connection?.server.database,
              })}
            </p>
          )}
          <Facts
            facts={[
              [t("backups:column.state"), <Status key="state" {...stateOf(t, archive)} />],
              [t("backups:column.schema"), <code key="schema">{archive.tenants.join(", ")}</code>],
              [t("backups:column.created"), format.dateTime(archive.created)],
              [t("backups:column.database"), <code key="database">{archive.database}</code>],
              [t("backups:column.rows"), <Figure key="rows" value={archive.rows} />],
              [t("backups:column.size"), <Bytes key="size" value={archive.bytes} />],
              [t("backups:column.file"), <code key="file">{archive.path}</code>],
            ]}
          />
        </>
      )}
      {dialog && <ReturnDialog archive={archive} way={dialog} onClose={() => setDialog(null)} />}
    </aside>
  );
}
