import { Button, Menu } from "@mantine/core";
import { IconCheck, IconChevronDown, IconFolder, IconFolderOpen, IconTemplate } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { usePickFolder } from "../api/system";
import type { TemplateInfo } from "../api/types";
import classes from "./SourceChooser.module.css";

type SourceChooserProps = {
  source: string | null;
  templates: readonly TemplateInfo[];
  onChoose: (source: string) => void;
  /** The word "Source" stands elsewhere. */
  bare?: boolean;
};

/** A shipped template, or a folder of this computer. */
export function SourceChooser({ source, templates, onChoose, bare = false }: SourceChooserProps) {
  const { t, i18n } = useTranslation("migrations");
  const pick = usePickFolder();
  const template = templates.find((one) => one.name === source);
  const title = (one: TemplateInfo) => (i18n.language === "fr" ? one.title_fr : one.title_en);
  const pickFolder = () =>
    pick.mutate(t("source.pick"), { onSuccess: (folder) => folder !== null && onChoose(folder) });
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          className={classes.target}
          leftSection={source && !template ? <IconFolder size={15} /> : <IconTemplate size={15} />}
          rightSection={<IconChevronDown size={14} />}
          loading={pick.isPending}
        >
          <span className={bare ? "visually-hidden" : classes.label}>{t("source.label")}</span>
          <span className={classes.value} title={source ?? undefined}>
            {template ? title(template) : (source ?? t("source.none"))}
          </span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.dropdown}>
        <Menu.Label>{t("source.templates")}</Menu.Label>
        {templates.map((one) => (
          <Menu.Item
            key={one.name}
            role="menuitemradio"
            aria-checked={one.name === source}
            leftSection={one.name === source ? <IconCheck size={15} /> : <IconTemplate size={15} />}
            rightSection={
              <span className={classes.count}>{t("source.count", { count: one.migrations })}</span>
            }
            onClick={() => onChoose(one.name)}
          >
            {title(one)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        {source && !template && (
          <Menu.Item role="menuitemradio" aria-checked leftSection={<IconCheck size={15} />}>
            <code>{source}</code>
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconFolderOpen size={15} />} onClick={pickFolder}>
          {t("source.folder")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
