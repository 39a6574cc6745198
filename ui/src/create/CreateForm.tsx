import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/error";
import { schemaNameQueryOptions, tenantListQueryOptions } from "../api/tenants";
import type { CreateRequest, TemplateInfo } from "../api/types";
import { errorText } from "../components/error/errorText";
import { commonTemplate } from "../migrations/source";
import classes from "./CreateDialog.module.css";
import { SchemaField } from "./SchemaField";
import { TemplateChoice } from "./TemplateChoice";

type CreateFormProps = {
  opened: boolean;
  templates: readonly TemplateInfo[];
  /** Why core refused these names. */
  refusal: ApiError | null;
  busy: boolean;
  onClose: () => void;
  onSubmit: (request: CreateRequest) => void;
};

/** Asks for the name, shows the schema that it leads to, and the template to start from. */
export function CreateForm({ opened, templates, refusal, busy, onClose, onSubmit }: CreateFormProps) {
  const { t } = useTranslation(["create", "common"]);
  const [name, setName] = useState("");
  const [own, setOwn] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null | undefined>();
  const [settled] = useDebouncedValue(name.trim(), 200);
  const derived = useQuery(schemaNameQueryOptions(settled));

  const { data: list } = useQuery(tenantListQueryOptions());
  // What most tenants were made from; in an empty database nothing is likelier than anything else.
  const likely = (list && commonTemplate(list.tenants)) ?? templates[0]?.name ?? null;
  const template = chosen === undefined ? likely : chosen;
  const schema = own ?? derived.data ?? "";
  const nameRefused = refusal?.code === "name_empty";
  const schemaError =
    refusal && !nameRefused ? refusal : own === null && settled !== "" ? derived.error : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "" && schema !== "") {
      onSubmit({ name: name.trim(), schema, template, role: null, domains: [], modules: [], fields: [] });
    }
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("create:title")}
      size={560}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          label={t("create:name")}
          description={t("create:nameHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={nameRefused && errorText(refusal.wire).title}
          autoComplete="off"
          data-autofocus
        />
        <SchemaField schema={schema} own={own !== null} error={schemaError} onChange={setOwn} />
        <TemplateChoice templates={templates} chosen={template} onChange={setChosen} />
        <Group justify="flex-end" gap={8}>
          <Button size="sm" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button
            size="sm"
            type="submit"
            variant="filled"
            loading={busy}
            disabled={name.trim() === "" || schema === "" || (own === null && settled !== name.trim())}
          >
            {t("create:next")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
