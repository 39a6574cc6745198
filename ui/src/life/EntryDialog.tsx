import { Button, Group, Modal, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePickImage, usePlanEntry } from "../api/life";
import type { EditRequest, Registration } from "../api/types";
import { errorText } from "../components/error/errorText";
import type { Named } from "../tenants/life";
import { editOf, fieldNames, formOf, linesOf } from "./entryForm";
import classes from "./Life.module.css";
import { LifePlan } from "./LifePlan";

/** Refusals that the form can mend. */
const aboutValues =
  /^(registry_value_invalid|registry_field_unknown|domain_taken|name_empty|usage|file_unreadable)/;

type EntryDialogProps = { tenant: Named; entry: Registration | null; onClose: () => void };

/** Changes what the registry knows of a tenant. */
export function EntryDialog({ tenant, entry, onClose }: EntryDialogProps) {
  const { t } = useTranslation(["life", "common"]);
  const planning = usePlanEntry();
  const picking = usePickImage();
  const [form, setForm] = useState(() => formOf(entry, tenant.name));
  const [request, setRequest] = useState<{ tenants: string[]; request: EditRequest } | null>(null);
  const refusal = planning.error && aboutValues.test(planning.error.code) ? planning.error : null;
  const edit = editOf(form, formOf(entry, tenant.name));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (edit === null) return;
    const wanted = { tenants: [tenant.schema], request: edit };
    setRequest(wanted);
    planning.mutate(wanted);
  };
  if (request && !refusal && !planning.isIdle) {
    return (
      <LifePlan
        onClose={onClose}
        title={t("life:entry.planTitle", { name: tenant.name })}
        subtitle={tenant.schema}
        planning={planning}
        request={request}
        action={t("life:entry.action")}
        onBack={() => planning.reset()}
      />
    );
  }
  const said = refusal && errorText(refusal.wire);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("life:entry.title", { name: tenant.name })}
      size={640}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      <form className={classes.form} onSubmit={submit}>
        <div className={classes.scroll}>
          <div className={classes.pair}>
            {fieldNames.map((field) => (
              <TextInput
                key={field}
                label={t(`life:field.${field}`)}
                value={form.fields[field]}
                onChange={(event) =>
                  setForm({ ...form, fields: { ...form.fields, [field]: event.currentTarget.value } })
                }
                placeholder={field.endsWith("_color") ? "#2e7d32" : undefined}
                autoComplete="off"
              />
            ))}
          </div>
          <Textarea
            label={t("life:entry.domains")}
            description={t("life:entry.domainsHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            rows={2}
            resize="vertical"
            value={form.domains}
            onChange={(event) => setForm({ ...form, domains: event.currentTarget.value })}
            spellCheck={false}
            styles={{ input: { fontFamily: "var(--font-code)", fontSize: 12.5 } }}
          />
          <Textarea
            label={t("life:entry.modules")}
            description={t("life:entry.modulesHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            rows={2}
            resize="vertical"
            value={form.modules}
            onChange={(event) => setForm({ ...form, modules: event.currentTarget.value })}
            spellCheck={false}
          />
          <Textarea
            label={t("life:entry.own")}
            description={t("life:entry.ownHint")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            rows={2}
            resize="vertical"
            value={form.own}
            onChange={(event) => setForm({ ...form, own: event.currentTarget.value })}
          />
          <Textarea
            label={t("life:field.notes")}
            rows={2}
            resize="vertical"
            value={form.notes}
            onChange={(event) => setForm({ ...form, notes: event.currentTarget.value })}
          />
          <div className={classes.pair}>
            {(["logo", "favicon"] as const).map((usage) => (
              <div key={usage}>
                <Button
                  size="xs"
                  onClick={() =>
                    picking.mutate(t(`life:entry.${usage}`), {
                      onSuccess: (path) => path !== null && setForm({ ...form, [usage]: path }),
                    })
                  }
                >
                  {t(`life:entry.${usage}`)}
                </Button>{" "}
                <span className={classes.dim}>{form[usage] ? linesOf(form[usage], /[/\\]/).at(-1) : ""}</span>
              </div>
            ))}
          </div>
        </div>
        {said && (
          <p role="alert" style={{ color: "var(--bad)", margin: 0 }}>
            {said.title} {said.hint}
          </p>
        )}
        <Group justify="flex-end" gap={8}>
          <Button size="sm" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button
            size="sm"
            type="submit"
            variant="filled"
            loading={planning.isPending}
            disabled={edit === null}
          >
            {t("life:next")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
