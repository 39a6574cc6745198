import { Button } from "@mantine/core";
import { IconFolderOpen } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { clientQueryOptions } from "../api/archives";
import { connectionQueryOptions } from "../api/connection";
import { usePickFolder } from "../api/system";
import { errorText } from "../components/error/errorText";
import { Status } from "../components/status/Status";
import { Row } from "./Section";
import classes from "./SettingsPage.module.css";

type ClientRowProps = { folder: string | null; onChange: (folder: string | null) => void };

/** Where PostgreSQL's own programs are, and whether those for the open database were found. */
export function ClientRow({ folder, onChange }: ClientRowProps) {
  const { t } = useTranslation(["settings", "common"]);
  const pick = usePickFolder();
  const { data: connection } = useQuery(connectionQueryOptions());
  const { data: client, error } = useQuery({ ...clientQueryOptions(), enabled: !!connection });
  const missing = connection && error && errorText(error.wire);
  return (
    <Row
      label={t("settings:client.label")}
      hint={
        <>
          {t("settings:client.hint")}
          {connection && client && (
            <span className={classes.state}>
              <Status
                tone="ok"
                label={t("settings:client.found", { version: client.version, folder: client.folder })}
              />
            </span>
          )}
          {missing && (
            <span className={classes.state}>
              <Status tone="warn" label={missing.title} />
              <span className={classes.remedy}>{missing.hint}</span>
            </span>
          )}
        </>
      }
    >
      {folder === null ? (
        <span className={classes.none}>{t("settings:client.everywhere")}</span>
      ) : (
        <>
          <code className={classes.path}>{folder}</code>
          <Button variant="subtle" color="gray" onClick={() => onChange(null)}>
            {t("settings:forget")}
          </Button>
        </>
      )}
      <Button
        leftSection={<IconFolderOpen size={15} />}
        loading={pick.isPending}
        onClick={() =>
          pick.mutate(t("settings:client.pick"), {
            onSuccess: (chosen) => chosen !== null && onChange(chosen),
          })
        }
      >
        {t("common:action.choose")}
      </Button>
    </Row>
  );
}
