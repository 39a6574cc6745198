import { Checkbox, Input, SegmentedControl } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { ExportFormat } from "../api/types";
import classes from "./ExportDialog.module.css";

type FormatFieldProps = {
  value: ExportFormat;
  onChange: (format: ExportFormat) => void;
  guard: boolean;
  onGuard: (guard: boolean) => void;
};

const formats = ["workbook", "csv", "json"] as const satisfies readonly ExportFormat[];

/** What is written for each tenant, and what that can be used for. */
export function FormatField({ value, onChange, guard, onGuard }: FormatFieldProps) {
  const { t } = useTranslation("export");
  const id = useId();
  return (
    <div>
      <Input.Wrapper
        label={t("format.label")}
        labelElement="div"
        labelProps={{ id }}
        description={t(`format.hint.${value}`)}
        descriptionProps={{ mt: 4 }}
        inputWrapperOrder={["label", "input", "description", "error"]}
      >
        <SegmentedControl
          aria-labelledby={id}
          value={value}
          onChange={(next) => onChange(next as ExportFormat)}
          data={formats.map((format) => ({ value: format, label: t(`format.${format}`) }))}
        />
      </Input.Wrapper>
      {value === "csv" && (
        <Checkbox
          className={classes.guard}
          checked={guard}
          onChange={(event) => onGuard(event.currentTarget.checked)}
          label={t("format.guard")}
          description={t("format.guardHint")}
        />
      )}
    </div>
  );
}
