import { Button, Modal } from "@mantine/core";
import { IconFileSpreadsheet } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useStartExport } from "../api/exports";
import { settingsQueryOptions, useChangeSettings } from "../api/settings";
import type { ExportFormat, TenantSummary } from "../api/types";
import { ErrorView } from "../components/error/ErrorView";
import { useFormat } from "../i18n/format";
import { followRun } from "../runs/store";
import classes from "./ExportDialog.module.css";
import { FolderField } from "./FolderField";
import { FormatField } from "./FormatField";
import { LanguageField } from "./LanguageField";
import { TablesField } from "./TablesField";

type ExportDialogProps = {
  opened: boolean;
  onClose: () => void;
  /** One workbook or folder each. */
  tenants: readonly TenantSummary[];
};

/** Asks where to, and which tables; starts the export. */
export function ExportDialog({ opened, onClose, tenants }: ExportDialogProps) {
  const { t } = useTranslation(["export", "common"]);
  return (
    <Modal
      opened={opened && tenants.length > 0}
      onClose={onClose}
      title={t("export:title")}
      size="min(880px, calc(100vw - 48px))"
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      {/* Inside, so that a dialog that is opened anew starts anew. */}
      <ExportForm tenants={tenants} onClose={onClose} />
    </Modal>
  );
}

function ExportForm({ tenants: given, onClose }: Omit<ExportDialogProps, "opened">) {
  const { t, i18n } = useTranslation(["export", "common"]);
  const words = useFormat();
  const { data: settings } = useQuery(settingsQueryOptions());
  const { mutate: changeSettings } = useChangeSettings();
  const start = useStartExport();
  // The tenants of the moment in which it was opened: a selection may change behind the dialog.
  const [tenants] = useState(given);
  const [ownFolder, setFolder] = useState<string | null>(null);
  const [tables, setTables] = useState<readonly string[] | null>(null);
  const [language, setLanguage] = useState(i18n.language);
  const [format, setFormat] = useState<ExportFormat>("workbook");
  const [guard, setGuard] = useState(true);
  const folder = ownFolder ?? settings?.export_folder ?? null;
  const [only] = tenants;
  const single = tenants.length === 1 ? only : undefined;
  const rows = tenants.reduce((sum, tenant) => sum + tenant.rows, 0);
  const nothing = tables !== null && tables.length === 0;

  const submit = () => {
    if (folder === null || nothing) return;
    start.mutate(
      {
        tenants: tenants.map((tenant) => tenant.schema),
        tables: tables === null ? [] : [...tables],
        folder,
        language,
        format,
        guard_formulas: format === "csv" && guard,
        unverified: false,
      },
      {
        onSuccess: (run) => {
          if (folder !== settings?.export_folder) changeSettings({ export_folder: folder });
          void followRun(run).catch(() => {});
          onClose();
        },
      },
    );
  };

  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p className={classes.what}>
        {single ? (
          <b>
            <bdi>{single.name}</bdi>
          </b>
        ) : (
          <b>{t("export:tenants", { count: tenants.length })}</b>
        )}
        <span className={classes.dim}>
          {t("export:about", { count: tenants.length, rows: words.number(rows) })}
        </span>
      </p>
      <div className={classes.columns}>
        <div className={classes.fields}>
          <FormatField value={format} onChange={setFormat} guard={guard} onGuard={setGuard} />
          <TablesField tenants={tenants} chosen={tables} onChange={setTables} />
          <FolderField
            value={folder}
            onChange={setFolder}
            hint={t(format === "workbook" ? "export:folderHint" : "export:folderHintFiles")}
          />
          {format === "workbook" && <LanguageField value={language} onChange={setLanguage} />}
        </div>
        <Contents format={format} whole={tables === null} />
      </div>
      {start.error && <ErrorView error={start.error} title={t("export:failed")} />}
      <div className={classes.actions}>
        <Button onClick={onClose}>{t("common:action.cancel")}</Button>
        <Button
          type="submit"
          variant="filled"
          leftSection={<IconFileSpreadsheet size={15} />}
          disabled={folder === null || nothing}
          loading={start.isPending}
        >
          {t(format === "workbook" ? "export:start" : "export:startFolders", { count: tenants.length })}
        </Button>
      </div>
    </form>
  );
}

/** What will be in the files, and what will not be done to it. */
function Contents({ format, whole }: { format: ExportFormat; whole: boolean }) {
  const { t } = useTranslation("export");
  const lines = [
    t(whole ? "contents.whole" : "contents.some"),
    t(`contents.${format}`),
    t("contents.checked"),
  ];
  return (
    <section className={classes.contents} aria-label={t("contents.label")}>
      <h3>{t("contents.label")}</h3>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>{t("contents.personal")}</p>
    </section>
  );
}
