import { Button, Input } from "@mantine/core";
import { IconFolderOpen } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { usePickFolder } from "../api/system";
import classes from "./ExportDialog.module.css";

type FolderFieldProps = {
  value: string | null;
  onChange: (folder: string) => void;
  /** What is said below, and in the system's dialog; of workbooks when absent. */
  hint?: string;
  pickTitle?: string;
};

/** Where files go; what was chosen last is offered again. */
export function FolderField({ value, onChange, hint, pickTitle }: FolderFieldProps) {
  const { t } = useTranslation(["export", "common"]);
  const id = useId();
  const pick = usePickFolder();
  return (
    <Input.Wrapper
      label={t("export:folder")}
      labelElement="div"
      labelProps={{ id }}
      description={hint ?? t("export:folderHint")}
      descriptionProps={{ mt: 4 }}
      inputWrapperOrder={["label", "input", "description", "error"]}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: two things that belong together, not a set of fields */}
      <div className={classes.folder} role="group" aria-labelledby={id}>
        <code className={classes.path} data-missing={value === null || undefined} title={value ?? undefined}>
          {value ?? t("export:noFolder")}
        </code>
        <Button
          size="sm"
          leftSection={<IconFolderOpen size={15} />}
          loading={pick.isPending}
          data-autofocus={value === null || undefined}
          onClick={() =>
            pick.mutate(pickTitle ?? t("export:pickFolder"), {
              onSuccess: (folder) => folder !== null && onChange(folder),
            })
          }
        >
          {t("common:action.choose")}
        </Button>
      </div>
    </Input.Wrapper>
  );
}
