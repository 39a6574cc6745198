import { Anchor, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/error";
import { errorText } from "../components/error/errorText";
import classes from "./CreateDialog.module.css";

type SchemaFieldProps = {
  schema: string;
  /** Somebody typed it, instead of having it derived. */
  own: boolean;
  error: ApiError | null;
  /** `null` has it derived from the name again. */
  onChange: (schema: string | null) => void;
};

const encoder = new TextEncoder();

/** The schema's name: follows the display name until somebody types another one. */
export function SchemaField({ schema, own, error, onChange }: SchemaFieldProps) {
  const { t } = useTranslation("create");
  const bytes = encoder.encode(schema).length;
  const text = error && errorText(error.wire);
  return (
    <TextInput
      label={t("schema")}
      description={
        <span className={classes.schemaHint}>
          <span>{own ? t("schemaOwn") : t("schemaHint")}</span>
          {own && (
            <Anchor component="button" type="button" fz="xs" onClick={() => onChange(null)}>
              {t("schemaDerive")}
            </Anchor>
          )}
          {schema !== "" && (
            <span className={classes.bytes} data-over={bytes > 63 || undefined}>
              {t("bytes", { bytes })}
            </span>
          )}
        </span>
      }
      inputWrapperOrder={["label", "input", "description", "error"]}
      error={text && `${text.title} ${text.hint ?? ""}`}
      value={schema}
      onChange={(event) => onChange(event.currentTarget.value)}
      spellCheck={false}
      autoComplete="off"
      autoCapitalize="off"
      styles={{ input: { fontFamily: "var(--font-code)", fontSize: 12.5 } }}
    />
  );
}
