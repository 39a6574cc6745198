import { Button, Group, Modal, TextInput } from "@mantine/core";
import { IconSchema, IconTag } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePlanRename } from "../api/life";
import type { RenameRequest } from "../api/types";
import { errorText } from "../components/error/errorText";
import { ChangeList } from "../components/plan/ChangeList";
import type { Named } from "../tenants/life";
import classes from "./Life.module.css";
import { LifePlan } from "./LifePlan";

/** Refusals that the form can mend. */
const aboutNames = /^(schema_name_|name_empty|identifier_invalid|nothing_pending)/;

type RenameDialogProps = { tenant: Named; onClose: () => void };

/** Gives a tenant another name, and another schema where that is wanted. */
export function RenameDialog({ tenant, onClose }: RenameDialogProps) {
  const { t } = useTranslation(["life", "common"]);
  const planning = usePlanRename();
  const [name, setName] = useState(tenant.name);
  const [schema, setSchema] = useState(tenant.schema);
  const [request, setRequest] = useState<RenameRequest | null>(null);
  const refusal = planning.error && aboutNames.test(planning.error.code) ? planning.error : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const other = schema.trim() === tenant.schema ? null : schema.trim();
    const wanted = { tenant: tenant.schema, name: name.trim(), schema: other };
    setRequest(wanted);
    planning.mutate(wanted);
  };
  if (request && !refusal && !planning.isIdle) {
    const to = request.schema;
    return (
      <LifePlan
        onClose={onClose}
        title={t("life:rename.planTitle", { name: tenant.name })}
        subtitle={tenant.schema}
        planning={planning}
        request={request}
        changes={() => (
          <ChangeList
            changes={[
              { icon: IconTag, text: t("life:rename.named"), code: request.name },
              ...(to === null ? [] : [{ icon: IconSchema, text: t("life:rename.schemaMoves"), code: to }]),
            ]}
            note={t("life:rename.note")}
          />
        )}
        action={t("life:rename.action")}
        onBack={() => planning.reset()}
      />
    );
  }
  const said = refusal && errorText(refusal.wire);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("life:rename.title", { name: tenant.name })}
      size={520}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          label={t("life:rename.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={
            refusal?.code === "name_empty" || refusal?.code === "nothing_pending" ? said?.title : undefined
          }
          autoComplete="off"
          data-autofocus
        />
        <TextInput
          label={t("life:rename.schema")}
          description={t("life:rename.schemaHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={schema}
          onChange={(event) => setSchema(event.currentTarget.value)}
          error={refusal?.code.startsWith("schema_name_") ? `${said?.title} ${said?.hint ?? ""}` : undefined}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          styles={{ input: { fontFamily: "var(--font-code)", fontSize: 12.5 } }}
        />
        <Group justify="flex-end" gap={8}>
          <Button size="sm" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button
            size="sm"
            type="submit"
            variant="filled"
            loading={planning.isPending}
            disabled={name.trim() === "" || schema.trim() === ""}
          >
            {t("life:next")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
