import { Anchor, Checkbox, PasswordInput } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keyringQueryOptions } from "../api/profiles";
import type { KeyringStatus } from "../api/types";
import classes from "./ProfileForm.module.css";
import type { ProfileFormState } from "./profileForm";

type PasswordFieldProps = { form: ProfileFormState; hasPassword: boolean };

/** The password: typed, kept in the keyring, or asked for each time when there is no keyring. */
export function PasswordField({ form, hasPassword }: PasswordFieldProps) {
  const { t } = useTranslation("connect");
  const { data: keyring } = useQuery(keyringQueryOptions());
  const { forget } = form.values;
  const kept = hasPassword && !forget;
  return (
    <div className={classes.password}>
      <PasswordInput
        label={t("field.password")}
        placeholder={kept ? t("field.passwordKept") : undefined}
        autoComplete="off"
        {...form.getInputProps("password")}
      />
      <div className={classes.remember}>
        <Checkbox
          label={t("field.remember")}
          disabled={keyring?.available === false}
          {...form.getInputProps("remember", { type: "checkbox" })}
        />
        {hasPassword && (
          <Anchor
            component="button"
            type="button"
            fz="sm"
            onClick={() => form.setFieldValue("forget", !forget)}
          >
            {t(forget ? "field.passwordForgetUndo" : "field.passwordForget")}
          </Anchor>
        )}
      </div>
      {forget && <p className={classes.note}>{t("field.passwordForgotten")}</p>}
      {keyring && <KeyringNote keyring={keyring} />}
    </div>
  );
}

/** Where passwords are kept, or why they are not. */
export function KeyringNote({ keyring }: { keyring: KeyringStatus }) {
  const { t } = useTranslation("connect");
  const locked = /lock/i.test(keyring.reason ?? "");
  const text = keyring.available
    ? t("keyring.kept", { store: keyring.store })
    : t(locked ? "keyring.locked" : "keyring.absent");
  return (
    <p className={classes.keyring} data-missing={!keyring.available || undefined}>
      <IconInfoCircle size={14} aria-hidden="true" />
      <span>{text}</span>
    </p>
  );
}
