import { Button, Checkbox, Group, Modal, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/error";
import { schemaNameQueryOptions } from "../api/tenants";
import type { RestoreRequest, TenantSummary, WorkbookCard } from "../api/types";
import { errorText } from "../components/error/errorText";
import { Figure } from "../components/figures/Figure";
import { SchemaField } from "../create/SchemaField";
import { TableChooser } from "../export/TableChooser";
import classes from "./Dialogs.module.css";
import { type Structure, StructureField } from "./StructureField";

type RestoreFormProps = {
  opened: boolean;
  card: WorkbookCard;
  tenants: readonly TenantSummary[];
  /** Somebody has verified the file, and it is not what was written. */
  edited: boolean;
  /** Why core refused these names. */
  refusal: ApiError | null;
  busy: boolean;
  onClose: () => void;
  onSubmit: (request: RestoreRequest) => void;
};

/** Asks where the structure comes from, under which name the tenant comes back, with which tables, and whether edited rows count. */
export function RestoreForm(props: RestoreFormProps) {
  const { opened, card, tenants, edited, refusal, busy, onClose, onSubmit } = props;
  const { t } = useTranslation(["backups", "common", "create"]);
  const original = card.tenant ?? card.schema;
  const taken = tenants.some((tenant) => tenant.schema === card.schema);
  const [name, setName] = useState(taken ? t("backups:restore.copy", { name: original }) : original);
  const [ownSchema, setOwnSchema] = useState<string | null>(null);
  const [structure, setStructure] = useState<Structure>({ from: "workbook" });
  const [tables, setTables] = useState<readonly string[] | null>(null);
  const [accept, setAccept] = useState(false);
  const [triggersOff, setTriggersOff] = useState(false);
  const wanted = name.trim();
  const [settled] = useDebouncedValue(wanted, 200);
  const derived = useQuery(schemaNameQueryOptions(settled));
  // Its own schema comes back under its own name, whatever a new tenant of that name would get.
  const itself = wanted === original || wanted === card.schema;
  const schema = ownSchema ?? (itself ? card.schema : (derived.data ?? ""));
  const nameRefused = refusal?.code === "name_empty";
  const schemaError =
    refusal && !nameRefused
      ? refusal
      : ownSchema === null && !itself && settled !== ""
        ? derived.error
        : null;
  const into = structure.from === "tenant";
  const settling = !into && ownSchema === null && !itself && settled !== wanted;
  const nothing = tables !== null && tables.length === 0;
  const unnamed = into ? structure.schema === null : wanted === "" || schema === "";
  const noTemplate = structure.from === "template" && structure.template === null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (unnamed || noTemplate || nothing) return;
    onSubmit({
      path: card.path,
      name: into ? "" : wanted,
      schema: into ? null : ownSchema,
      tables: tables === null ? [] : [...tables],
      accept_edited: accept,
      into: into ? structure.schema : null,
      template: structure.from === "template" ? structure.template : null,
      triggers_off: triggersOff,
    });
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("backups:restore.title")}
      size={600}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      <form className={classes.form} onSubmit={submit}>
        <StructureField card={card} tenants={tenants} structure={structure} onChange={setStructure} />
        {!into && (
          <>
            <TextInput
              label={t("backups:restore.name")}
              description={t(taken ? "backups:restore.nameTaken" : "backups:restore.nameHint", {
                schema: card.schema,
              })}
              inputWrapperOrder={["label", "input", "description", "error"]}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={nameRefused && errorText(refusal.wire).title}
              autoComplete="off"
              data-autofocus
            />
            <SchemaField
              schema={schema}
              own={ownSchema !== null}
              error={schemaError}
              onChange={setOwnSchema}
            />
          </>
        )}
        <TableChooser
          label={t("backups:restore.tables")}
          tables={card.tables
            .filter((table) => table.restorable)
            .map(({ table, rows }) => ({ table, figures: <Figure value={rows} /> }))}
          chosen={tables}
          onChange={setTables}
        >
          {tables !== null && <p className={classes.hint}>{t("backups:restore.someHint")}</p>}
        </TableChooser>
        <Checkbox
          checked={accept}
          onChange={(event) => setAccept(event.currentTarget.checked)}
          label={t("backups:restore.accept")}
          description={t(edited ? "backups:restore.acceptEdited" : "backups:restore.acceptHint")}
        />
        <Checkbox
          checked={triggersOff}
          onChange={(event) => setTriggersOff(event.currentTarget.checked)}
          label={t("backups:restore.triggersOff")}
          description={t("backups:restore.triggersOffHint")}
        />
        <Group justify="flex-end" gap={8}>
          <Button size="sm" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button
            size="sm"
            type="submit"
            variant="filled"
            loading={busy}
            disabled={unnamed || noTemplate || settling || nothing}
          >
            {t("create:next")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
