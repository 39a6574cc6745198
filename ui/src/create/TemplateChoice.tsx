import { Input, Radio } from "@mantine/core";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePickFolder } from "../api/system";
import type { TemplateInfo } from "../api/types";
import { templateDescription, templateTitle } from "../tenants/columns";
import classes from "./CreateDialog.module.css";

type TemplateChoiceProps = {
  templates: readonly TemplateInfo[];
  /** Name of a template, path of a folder, or `null` for an empty schema. */
  chosen: string | null;
  onChange: (chosen: string | null) => void;
};

const empty = "\0empty";
const folder = "\0folder";

/** What a new tenant starts from: a shipped template, a folder of migrations, or nothing. */
export function TemplateChoice({ templates, chosen, onChange }: TemplateChoiceProps) {
  const { t, i18n } = useTranslation("create");
  const pick = usePickFolder();
  const label = useId();
  const [path, setPath] = useState<string | null>(null);
  const choose = (value: string) => {
    if (value !== folder) return onChange(value === empty ? null : value);
    pick.mutate(t("folderPick"), {
      onSuccess: (picked) => {
        if (picked === null) return;
        setPath(picked);
        onChange(picked);
      },
    });
  };
  const value = chosen === null ? empty : chosen === path ? folder : chosen;
  return (
    <Radio.Group value={value} onChange={choose} aria-labelledby={label}>
      <Input.Label id={label} labelElement="div">
        {t("template")}
      </Input.Label>
      <div className={classes.templates}>
        {templates.map((template) => (
          <Choice
            key={template.name}
            value={template.name}
            title={templateTitle(templates, template.name, i18n.language)}
            text={templateDescription(template, i18n.language)}
            hint={`${template.name} · ${t("templateMigrations", { count: template.migrations })}`}
          />
        ))}
        <Choice value={folder} title={t("folder")} hint={path ?? t("folderHint")} />
        <Choice value={empty} title={t("empty")} hint={t("emptyHint")} />
      </div>
    </Radio.Group>
  );
}

type ChoiceProps = { value: string; title: string; text?: string; hint: string };

function Choice({ value, title, text, hint }: ChoiceProps) {
  return (
    <Radio.Card value={value} className={classes.template}>
      <Radio.Indicator size="xs" />
      <span className={classes.templateWords}>
        <b>{title}</b>
        {text && <span>{text}</span>}
        <span className={text && classes.templateName}>{hint}</span>
      </span>
    </Radio.Card>
  );
}
