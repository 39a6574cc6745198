import { SegmentedControl } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { languageNames } from "../i18n/languageNames";
import classes from "./Quarantine.module.css";

type LanguageChoiceProps = { value: string; onChange: (language: string) => void };

/** The language of the headings in the backup, in the row above a plan. */
export function LanguageChoice({ value, onChange }: LanguageChoiceProps) {
  const { t } = useTranslation("quarantine");
  const id = useId();
  return (
    <div className={classes.languageField}>
      <span id={id} className={classes.label}>
        {t("drop.language")}
      </span>
      <SegmentedControl
        size="xs"
        aria-labelledby={id}
        value={value}
        onChange={onChange}
        data={Object.entries(languageNames).map(([code, name]) => ({ value: code, label: name }))}
      />
    </div>
  );
}
