import { Button, Group, Input, Modal, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/error";
import { schemaNameQueryOptions } from "../api/tenants";
import type { CloneRequest } from "../api/types";
import { errorText } from "../components/error/errorText";
import { SchemaField } from "../create/SchemaField";
import type { Named } from "../tenants/life";
import classes from "./CloneDialog.module.css";

type CloneFormProps = {
  opened: boolean;
  tenant: Named;
  /** Why core refused these names. */
  refusal: ApiError | null;
  busy: boolean;
  onClose: () => void;
  onSubmit: (request: CloneRequest) => void;
};

/** Asks for the new tenant's name, and whether it gets the rows too. */
export function CloneForm({ opened, tenant, refusal, busy, onClose, onSubmit }: CloneFormProps) {
  const { t } = useTranslation(["clone", "common"]);
  const which = useId();
  const [name, setName] = useState("");
  const [own, setOwn] = useState<string | null>(null);
  const [data, setData] = useState(true);
  const [settled] = useDebouncedValue(name.trim(), 200);
  const derived = useQuery(schemaNameQueryOptions(settled));
  const schema = own ?? derived.data ?? "";
  const nameRefused = refusal?.code === "name_empty";
  const schemaError =
    refusal && !nameRefused ? refusal : own === null && settled !== "" ? derived.error : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "" || schema === "") return;
    onSubmit({ source: tenant.schema, name: name.trim(), schema, data });
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("clone:title", { name: tenant.name })}
      size={560}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          label={t("clone:name")}
          description={t("clone:nameHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={nameRefused && errorText(refusal.wire).title}
          autoComplete="off"
          data-autofocus
        />
        <SchemaField schema={schema} own={own !== null} error={schemaError} onChange={setOwn} />
        <Input.Wrapper
          label={t("clone:rows")}
          labelElement="div"
          labelProps={{ id: which }}
          description={t(data ? "clone:rowsHint" : "clone:structureHint")}
          descriptionProps={{ mt: 4 }}
          inputWrapperOrder={["label", "input", "description", "error"]}
        >
          <SegmentedControl
            aria-labelledby={which}
            value={data ? "rows" : "structure"}
            onChange={(value) => setData(value === "rows")}
            data={[
              { value: "rows", label: t("clone:withRows") },
              { value: "structure", label: t("clone:withoutRows") },
            ]}
          />
        </Input.Wrapper>
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
            {t("clone:next")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
