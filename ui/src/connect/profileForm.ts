import { type UseFormReturnType, useForm } from "@mantine/form";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Profile } from "../api/types";
import type { Draft } from "./draft";

export type ProfileValues = Profile & {
  /** What was typed; in memory only. */
  password: string;
  /** Keeps the typed password in the keyring once a connection with it has succeeded. */
  remember: boolean;
  /** Takes the kept password out of the keyring on saving. */
  forget: boolean;
};

export type ProfileFormState = UseFormReturnType<ProfileValues>;

/** The form of a connection and what it insists on before anything is sent. */
export function useProfileForm(
  draft: Draft,
  canRemember: boolean,
  unsaved: Map<string, ProfileValues>,
): ProfileFormState {
  const { t } = useTranslation("connect");
  const required = (value: string) => (value.trim() === "" ? t("invalid.required") : null);
  const form = useForm<ProfileValues>({
    initialValues: { ...draft.profile, password: draft.password, remember: canRemember, forget: false },
    validateInputOnBlur: true,
    validate: {
      name: required,
      host: required,
      database: required,
      user: required,
      port: (port) => (Number.isInteger(port) && port >= 1 && port <= 65_535 ? null : t("invalid.port")),
      connect_timeout: (seconds) =>
        Number.isInteger(seconds) && seconds >= 1 && seconds <= 600 ? null : t("invalid.timeout"),
      tls: {
        client_key: (key, values) =>
          values.tls.client_certificate !== null && key === null ? t("invalid.key") : null,
      },
    },
  });
  useUnsaved(form, unsaved);
  return form;
}

/** Takes up the changes that were left behind, and leaves behind what was not saved. */
function useUnsaved(form: ProfileFormState, unsaved: Map<string, ProfileValues>): void {
  const latest = useRef(form);
  latest.current = form;
  useEffect(() => {
    const { id } = latest.current.values;
    const left = unsaved.get(id);
    if (left) latest.current.setValues(left);
    return () => {
      if (latest.current.isDirty()) unsaved.set(id, latest.current.values);
      else unsaved.delete(id);
    };
  }, [unsaved]);
}

/** The profile in the form, without empty settings. */
export function profileOf(values: ProfileValues): Profile {
  const { password: _password, remember: _remember, forget: _forget, ...profile } = values;
  return {
    ...profile,
    name: profile.name.trim(),
    host: profile.host.trim(),
    options: profile.options.filter(([name]) => name.trim() !== ""),
  };
}

/** Something differs from what is saved. A typed password is not a part of a profile: connecting takes it along. */
export function isChanged(form: ProfileFormState): boolean {
  return Object.keys(form.values).some(
    (field) => field !== "password" && field !== "remember" && form.isDirty(field),
  );
}
