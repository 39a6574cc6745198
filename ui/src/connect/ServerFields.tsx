import { NumberInput, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { PasswordField } from "./PasswordField";
import classes from "./ProfileForm.module.css";
import type { ProfileFormState } from "./profileForm";

type ServerFieldsProps = { form: ProfileFormState; hasPassword: boolean };

/** Where the database is and who connects. */
export function ServerFields({ form, hasPassword }: ServerFieldsProps) {
  const { t } = useTranslation("connect");
  const plain = { spellCheck: false, autoComplete: "off", autoCapitalize: "off" } as const;
  return (
    <div className={classes.fields}>
      <TextInput
        className={classes.wide}
        label={t("field.host")}
        description={t("field.hostHint")}
        inputWrapperOrder={["label", "input", "description", "error"]}
        {...plain}
        {...form.getInputProps("host")}
      />
      <NumberInput
        className={classes.narrow}
        label={t("field.port")}
        min={1}
        max={65_535}
        allowDecimal={false}
        hideControls
        {...form.getInputProps("port")}
      />
      <TextInput
        className={classes.half}
        label={t("field.database")}
        {...plain}
        {...form.getInputProps("database")}
      />
      <TextInput
        className={classes.half}
        label={t("field.user")}
        {...plain}
        {...form.getInputProps("user")}
      />
      <PasswordField form={form} hasPassword={hasPassword} />
    </div>
  );
}
