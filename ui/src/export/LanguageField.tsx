import { Input, SegmentedControl } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { languageNames } from "../i18n/languageNames";

type LanguageFieldProps = { value: string; onChange: (language: string) => void };

/** The language of the headings that Cadastre adds to a workbook. */
export function LanguageField({ value, onChange }: LanguageFieldProps) {
  const { t } = useTranslation("export");
  const id = useId();
  return (
    <Input.Wrapper
      label={t("language")}
      labelElement="div"
      labelProps={{ id }}
      description={t("languageHint")}
      descriptionProps={{ mt: 4 }}
      inputWrapperOrder={["label", "input", "description", "error"]}
    >
      <SegmentedControl
        aria-labelledby={id}
        value={value}
        onChange={onChange}
        data={Object.entries(languageNames).map(([code, name]) => ({ value: code, label: name }))}
      />
    </Input.Wrapper>
  );
}
