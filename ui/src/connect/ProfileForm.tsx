import { ActionIcon, Button, Menu, TextInput } from "@mantine/core";
import { IconCopy, IconDotsVertical, IconPlugConnected, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { isCode } from "../api/error";
import { useSaveProfile, useTestProfile } from "../api/profiles";
import type { Profile } from "../api/types";
import { ErrorView } from "../components/error/ErrorView";
import { errorText } from "../components/error/errorText";
import type { Draft } from "./draft";
import { LookFields } from "./LookFields";
import classes from "./ProfileForm.module.css";
import { isChanged, type ProfileValues, profileOf, useProfileForm } from "./profileForm";
import { ServerFields } from "./ServerFields";
import { SessionFields } from "./SessionFields";
import { TestResult } from "./TestResult";
import { TlsFields } from "./TlsFields";
import type { Opening } from "./useOpening";

type ProfileFormProps = {
  draft: Draft;
  canRemember: boolean;
  opening: Opening;
  /** Changes that were not saved, by profile; kept over a look at another connection. */
  unsaved: Map<string, ProfileValues>;
  onSaved: (draft: Draft) => void;
  onDuplicate: (profile: Profile) => void;
  onRemove: () => void;
};

/** A connection: its settings, a test that goes layer by layer, and the way in. */
export function ProfileForm({
  draft,
  canRemember,
  opening,
  unsaved,
  onSaved,
  onDuplicate,
  onRemove,
}: ProfileFormProps) {
  const { t } = useTranslation(["connect", "common"]);
  const form = useProfileForm(draft, canRemember, unsaved);
  const save = useSaveProfile();
  const test = useTestProfile();
  const result = useRef<HTMLDivElement>(null);
  const { values } = form;
  const edited = isChanged(form);
  const changed = !draft.saved || edited;
  const busy = opening.opening === values.id || save.isPending;
  // While the password is asked for, the question shows why the last one was refused.
  const failed = opening.asking ? null : opening.failed;
  const failure = failed?.profile.id === values.id ? failed.error : null;

  useEffect(() => {
    if (test.isPending || test.data) result.current?.scrollIntoView({ block: "nearest" });
  }, [test.isPending, test.data]);

  /** Saves where something changed, then goes on. */
  const keep = (then: (profile: Profile) => void) => {
    const profile = profileOf(values);
    if (!changed) return then(profile);
    const { password, forget } = values;
    save.mutate(
      { profile, forgetPassword: forget },
      {
        onSuccess: () => {
          // The typed password stays: it is of use to a connection, and only that shows whether it is worth keeping.
          const left = { ...values, forget: false };
          form.setValues(left);
          form.resetDirty(left);
          onSaved({ profile, password, saved: true, hasPassword: draft.hasPassword && !forget });
          then(profile);
        },
        onError: (error) => {
          if (isCode(error, "profile_exists")) form.setFieldError("name", errorText(error.wire).title);
        },
      },
    );
  };
  const connect = form.onSubmit(() =>
    keep((profile) =>
      opening.open(profile, values.password === "" ? null : values.password, values.remember),
    ),
  );
  const onlySave = form.onSubmit(() => keep(() => {}));
  const runTest = () =>
    test.mutate({ profile: profileOf(values), password: values.password === "" ? null : values.password });

  return (
    <form className={classes.form} onSubmit={connect} noValidate>
      <div className={classes.scroll}>
        {failure && (
          <ErrorView
            error={failure}
            title={t("connect:failed.connect")}
            action={
              failure.code === "authentication_failed" && (
                <Button variant="filled" onClick={() => opening.ask(profileOf(values))}>
                  {t("connect:failed.retype")}
                </Button>
              )
            }
          />
        )}
        {save.error && !isCode(save.error, "profile_exists") && <ErrorView error={save.error} />}
        <TextInput
          label={t("connect:field.name")}
          description={t("connect:field.nameHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          autoComplete="off"
          {...form.getInputProps("name")}
        />
        <Section title={t("connect:section.server")}>
          <ServerFields form={form} hasPassword={draft.hasPassword} />
        </Section>
        <Section title={t("connect:section.protection")}>
          <TlsFields form={form} />
        </Section>
        <Section title={t("connect:section.session")}>
          <SessionFields form={form} />
        </Section>
        <Section title={t("connect:section.look")}>
          <LookFields form={form} />
        </Section>
        <div ref={result}>
          {(test.isPending || test.data) && (
            <TestResult
              report={test.isPending ? null : (test.data ?? null)}
              profile={test.variables.profile}
            />
          )}
          {test.error && <ErrorView error={test.error} />}
        </div>
      </div>
      <footer className={classes.footer}>
        {draft.saved && (
          <Menu position="top-start">
            <Menu.Target>
              <ActionIcon aria-label={t("common:action.more")}>
                <IconDotsVertical size={17} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => onDuplicate(profileOf(values))}>
                {t("connect:duplicate")}
              </Menu.Item>
              <Menu.Item color="bad" leftSection={<IconTrash size={15} />} onClick={onRemove}>
                {t("connect:delete")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
        {edited && draft.saved && (
          <span className={classes.unsaved} role="status">
            {t("connect:unsaved")}
          </span>
        )}
        <span className={classes.space} />
        <Button size="sm" onClick={runTest} loading={test.isPending}>
          {t("connect:test")}
        </Button>
        <Button size="sm" onClick={() => onlySave()} disabled={!changed} loading={save.isPending}>
          {t("connect:save")}
        </Button>
        <Button
          size="sm"
          type="submit"
          variant="filled"
          loading={busy}
          leftSection={<IconPlugConnected size={16} />}
        >
          {t("connect:connect")}
        </Button>
      </footer>
    </form>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className={classes.section}>
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}
