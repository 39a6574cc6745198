import { Button } from "@mantine/core";
import { IconFolderOpen } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useRevealExport } from "../api/exports";
import { backupCheckQueryOptions } from "../api/quarantine";
import type { BackupState, Quarantined } from "../api/types";
import { Bytes } from "../components/figures/Figure";
import { Status, type Tone } from "../components/status/Status";
import classes from "./QuarantinePage.module.css";

export const backupTones: Record<BackupState, Tone> = {
  present: "info",
  verified: "ok",
  changed: "bad",
  missing: "bad",
};

/** The backup of a tenant in quarantine, read to its end and compared with what was verified. */
export function BackupFact({ tenant, path }: { tenant: Quarantined; path: string }) {
  const { t } = useTranslation("quarantine");
  const { data: check, error } = useQuery({
    ...backupCheckQueryOptions(tenant.schema),
    enabled: tenant.problem === null,
  });
  const reveal = useRevealExport();
  const there = check?.state === "verified" || check?.state === "changed";
  return (
    <section className={classes.backup} aria-label={t("backup.title")}>
      <h3>{t("backup.title")}</h3>
      <code>{path}</code>
      <span role="status">
        {check ? (
          <Status tone={backupTones[check.state]} label={t(`backup.${check.state}`)} />
        ) : (
          !error && <Status tone="busy" label={t("backup.reading")} />
        )}
      </span>
      {check && (
        <span className={classes.note}>
          <Bytes value={check.bytes} />
        </span>
      )}
      {check?.state === "missing" && (
        <p className={classes.note}>{t("backup.where", { who: tenant.quarantined_by ?? t("unknown") })}</p>
      )}
      {there && (
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconFolderOpen size={15} />}
          onClick={() => reveal.mutate(path)}
        >
          {t("backup.reveal")}
        </Button>
      )}
    </section>
  );
}
