import { ActionIcon, Button, Input, Select } from "@mantine/core";
import { IconFileCertificate, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { usePickFile } from "../api/system";
import type { TlsMode } from "../api/types";
import classes from "./ProfileForm.module.css";
import type { ProfileFormState } from "./profileForm";

const modes: readonly TlsMode[] = ["disable", "prefer", "require", "verify-ca", "verify-full"];
type TlsFile = "root_certificate" | "client_certificate" | "client_key";
const labels = {
  root_certificate: "field.rootCertificate",
  client_certificate: "field.clientCertificate",
  client_key: "field.clientKey",
} as const;

/** How the connection is encrypted, and who is trusted. */
export function TlsFields({ form }: { form: ProfileFormState }) {
  const { t } = useTranslation("connect");
  const { mode } = form.values.tls;
  const verifies = mode === "verify-ca" || mode === "verify-full";
  return (
    <div className={classes.fields}>
      <Select
        className={classes.full}
        label={t("field.tls")}
        description={t(`tls.${mode}Hint`)}
        inputWrapperOrder={["label", "input", "description", "error"]}
        allowDeselect={false}
        maxDropdownHeight={330}
        data={modes.map((value) => ({ value, label: t(`tls.${value}`) }))}
        renderOption={({ option }) => (
          <span className={classes.option}>
            <b>{option.label}</b>
            <code>{option.value}</code>
            <span>{t(`tls.${option.value as TlsMode}Hint`)}</span>
          </span>
        )}
        {...form.getInputProps("tls.mode")}
      />
      {verifies && <FileField form={form} file="root_certificate" hint={t("field.rootHint")} />}
      {mode !== "disable" && (
        <>
          <FileField form={form} file="client_certificate" />
          {form.values.tls.client_certificate !== null && <FileField form={form} file="client_key" />}
        </>
      )}
    </div>
  );
}

function FileField({ form, file, hint }: { form: ProfileFormState; file: TlsFile; hint?: string }) {
  const { t } = useTranslation(["connect", "common"]);
  const pick = usePickFile();
  const path = form.values.tls[file];
  const label = t(`connect:${labels[file]}`);
  const choose = () =>
    pick.mutate(t("connect:field.filePick"), {
      onSuccess: (chosen) => {
        if (chosen !== null) form.setFieldValue(`tls.${file}`, chosen);
      },
    });
  return (
    <Input.Wrapper
      className={classes.full}
      label={label}
      description={hint}
      inputWrapperOrder={["label", "input", "description", "error"]}
      error={form.errors[`tls.${file}`]}
      labelElement="div"
    >
      <div className={classes.file}>
        <IconFileCertificate size={16} aria-hidden="true" />
        <code className={classes.path} title={path ?? undefined}>
          {path ?? t("connect:field.fileNone")}
        </code>
        {path !== null && (
          <ActionIcon
            size={24}
            aria-label={`${t("common:action.clear")} – ${label}`}
            onClick={() => form.setFieldValue(`tls.${file}`, null)}
          >
            <IconX size={14} />
          </ActionIcon>
        )}
        <Button
          onClick={choose}
          loading={pick.isPending}
          aria-label={`${t("common:action.choose")} ${label}`}
        >
          {t("common:action.choose")}
        </Button>
      </div>
    </Input.Wrapper>
  );
}
