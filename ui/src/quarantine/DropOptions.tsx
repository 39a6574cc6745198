import { Button, Switch } from "@mantine/core";
import { IconFolderOpen } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { usePickFolder } from "../api/system";
import { LanguageChoice } from "./LanguageChoice";
import classes from "./Quarantine.module.css";

type DropOptionsProps = {
  /** The chosen folder; `null` is Cadastre's own. */
  folder: string | null;
  /** Where this tenant's backup goes, once that is planned. */
  planned: string | undefined;
  language: string;
  /** An archive is written beside the workbook. */
  archive: boolean;
  /** The programs for that are there. */
  archivable: boolean;
  onChange: (change: { backup_dir?: string | null; language?: string; archive?: boolean }) => void;
};

/** Where the backup goes, and in which language it explains itself. */
export function DropOptions(props: DropOptionsProps) {
  const { folder, planned, language, archive, archivable, onChange } = props;
  const { t } = useTranslation(["quarantine", "common"]);
  const id = useId();
  const pick = usePickFolder();
  const shown = folder ?? (planned === undefined ? "" : parentOf(planned));
  return (
    <div className={classes.options}>
      <div className={classes.folderField}>
        <span id={id} className={classes.label}>
          {t("quarantine:drop.folder")}
        </span>
        {/* biome-ignore lint/a11y/useSemanticElements: things that belong together, not a set of fields */}
        <div className={classes.folder} role="group" aria-labelledby={id}>
          <code className={classes.path} title={shown}>
            {shown}
          </code>
          <Button
            leftSection={<IconFolderOpen size={15} />}
            loading={pick.isPending}
            onClick={() =>
              pick
                .mutateAsync(t("quarantine:drop.pickFolder"))
                .then((chosen) => chosen !== null && onChange({ backup_dir: chosen }))
                .catch(() => {})
            }
          >
            {t("common:action.choose")}
          </Button>
          {folder !== null && (
            <Button variant="subtle" color="gray" onClick={() => onChange({ backup_dir: null })}>
              {t("quarantine:drop.ownFolder")}
            </Button>
          )}
        </div>
      </div>
      <LanguageChoice value={language} onChange={(chosen) => onChange({ language: chosen })} />
      <Switch
        className={classes.archive}
        checked={archive}
        disabled={!archivable}
        onChange={(event) => onChange({ archive: event.currentTarget.checked })}
        label={t("quarantine:drop.archiveToo")}
        description={archivable ? undefined : t("quarantine:drop.noClient")}
      />
    </div>
  );
}

/** The folder that a path is in, on whatever system. */
function parentOf(path: string): string {
  const end = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return end > 0 ? path.slice(0, end) : path;
}
