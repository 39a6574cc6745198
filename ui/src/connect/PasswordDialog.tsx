import { Button, Checkbox, Group, Modal, PasswordInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/error";
import { keyringQueryOptions } from "../api/profiles";
import type { Profile } from "../api/types";
import { ErrorView } from "../components/error/ErrorView";
import { KeyringNote } from "./PasswordField";
import classes from "./ProfileForm.module.css";

type PasswordDialogProps = {
  profile: Profile;
  busy: boolean;
  /** Why the last try failed. */
  error: ApiError | null;
  onClose: () => void;
  onPassword: (password: string, remember: boolean) => void;
};

/** Asks for a password that is kept nowhere, or was refused. */
export function PasswordDialog({ profile, busy, error, onClose, onPassword }: PasswordDialogProps) {
  const { t } = useTranslation(["connect", "common"]);
  const { data: keyring } = useQuery(keyringQueryOptions());
  const [password, setPassword] = useState("");
  const [remember, setRemember] = useState(true);
  const available = keyring?.available ?? false;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onPassword(password, remember && available);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("connect:password.title", { user: profile.user })}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
      size={440}
    >
      <form className={classes.ask} onSubmit={submit}>
        <p className={classes.askWhere}>
          {t("connect:password.where", { database: profile.database, host: profile.host })}
        </p>
        {error && <ErrorView error={error} />}
        <PasswordInput
          aria-label={t("connect:field.password")}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          data-autofocus
          autoComplete="off"
        />
        <Checkbox
          label={t("connect:field.remember")}
          checked={remember && available}
          disabled={!available}
          onChange={(event) => setRemember(event.currentTarget.checked)}
        />
        {keyring && !keyring.available && <KeyringNote keyring={keyring} />}
        <Group justify="flex-end" gap={8}>
          <Button size="sm" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button size="sm" type="submit" variant="filled" loading={busy}>
            {t("connect:connect")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
