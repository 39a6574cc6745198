import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/error";
import { registryQueryOptions } from "../api/life";
import { schemaNameQueryOptions, tenantListQueryOptions } from "../api/tenants";
import type { CreateRequest, TemplateInfo } from "../api/types";
import { errorText } from "../components/error/errorText";
import { commonTemplate } from "../migrations/source";
import classes from "./CreateDialog.module.css";
import { RoleChoice, type RoleKind, roleOf } from "./RoleChoice";
import { SchemaField } from "./SchemaField";
import { TemplateChoice } from "./TemplateChoice";

type CreateFormProps = {
  opened: boolean;
  templates: readonly TemplateInfo[];
  /** Why core refused these names. */
  refusal: ApiError | null;
  busy: boolean;
  onClose: () => void;
  /** Several at once, from a file. */
  onFile: () => void;
  onSubmit: (request: CreateRequest) => void;
};

/** Asks for the name, shows the schema that it leads to, and the template to start from. */
export function CreateForm({ opened, templates, refusal, busy, onClose, onFile, onSubmit }: CreateFormProps) {
  const { t } = useTranslation(["create", "life", "common"]);
  const [name, setName] = useState("");
  const [own, setOwn] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null | undefined>();
  const [role, setRole] = useState<RoleKind>("none");
  const [domains, setDomains] = useState("");
  const [fields, setFields] = useState({ kind: "", email: "", city: "" });
  // Where there is a registry that can be written to, a new tenant gets an entry.
  const { data: registry } = useQuery(registryQueryOptions());
  const [settled] = useDebouncedValue(name.trim(), 200);
  const derived = useQuery(schemaNameQueryOptions(settled));

  const { data: list } = useQuery(tenantListQueryOptions());
  // What most tenants were made from; in an empty database nothing is likelier than anything else.
  const likely = (list && commonTemplate(list.tenants)) ?? templates[0]?.name ?? null;
  const template = chosen === undefined ? likely : chosen;
  const schema = own ?? derived.data ?? "";
  const nameRefused = refusal?.code === "name_empty";
  const aboutEntry =
    refusal !== null && /^(domain_taken|registry_)/.test(refusal.code) && !nameRefused ? refusal : null;
  const aboutField = aboutEntry?.wire.params?.field;
  const domainsError =
    aboutEntry && (aboutField === undefined || aboutField === "domain") ? errorText(aboutEntry.wire) : null;
  const schemaError =
    refusal && !nameRefused && !aboutEntry ? refusal : own === null && settled !== "" ? derived.error : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "" && schema !== "") {
      const filled = Object.entries(fields).filter(([, value]) => value.trim() !== "");
      onSubmit({
        name: name.trim(),
        schema,
        template,
        role: roleOf(role),
        domains: domains.split(/[\s,;]+/).filter((domain) => domain !== ""),
        modules: [],
        fields: filled.map(([field, value]): [string, string] => [field, value.trim()]),
      });
    }
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("create:title")}
      size={900}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      <form className={classes.form} onSubmit={submit}>
        <div className={classes.columns}>
          <div className={classes.fields}>
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
            <RoleChoice chosen={role} onChange={setRole} />
            {registry?.writable && (
              <>
                <TextInput
                  label={t("life:create.domains")}
                  description={t("life:create.domainsHint")}
                  inputWrapperOrder={["label", "input", "description", "error"]}
                  value={domains}
                  onChange={(event) => setDomains(event.currentTarget.value)}
                  error={domainsError && `${domainsError.title} ${domainsError.hint ?? ""}`}
                  spellCheck={false}
                  autoComplete="off"
                />
                <div className={classes.three}>
                  {(["kind", "email", "city"] as const).map((field) => (
                    <TextInput
                      key={field}
                      label={t(`life:field.${field}`)}
                      value={fields[field]}
                      onChange={(event) => setFields({ ...fields, [field]: event.currentTarget.value })}
                      error={
                        refusal?.code === "registry_value_invalid" && refusal.wire.params?.field === field
                          ? errorText(refusal.wire).title
                          : undefined
                      }
                      autoComplete="off"
                    />
                  ))}
                </div>
              </>
            )}
          </div>
          <TemplateChoice templates={templates} chosen={template} onChange={setChosen} />
        </div>
        <Group justify="flex-end" gap={8}>
          <Button size="sm" variant="subtle" color="gray" mr="auto" onClick={onFile}>
            {t("life:create.file")}
          </Button>
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
