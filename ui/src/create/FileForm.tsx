import { Button, Checkbox, Group, Modal, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ListedRequest, usePickList } from "../api/life";
import { tenantListQueryOptions } from "../api/tenants";
import type { TemplateInfo } from "../api/types";
import { commonTemplate } from "../migrations/source";
import { templateTitle } from "../tenants/columns";
import classes from "./CreateDialog.module.css";
import { RoleChoice, type RoleKind, roleOf } from "./RoleChoice";

type FileFormProps = {
  opened: boolean;
  templates: readonly TemplateInfo[];
  busy: boolean;
  onClose: () => void;
  onSubmit: (request: ListedRequest) => void;
};

/** Asks for a file of new tenants, and for what its lines do not say. */
export function FileForm({ opened, templates, busy, onClose, onSubmit }: FileFormProps) {
  const { t, i18n } = useTranslation(["life", "create", "common"]);
  const picking = usePickList();
  const [path, setPath] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null | undefined>();
  const [role, setRole] = useState<RoleKind>("none");
  const [goOn, setGoOn] = useState(false);
  const { data: list } = useQuery(tenantListQueryOptions());
  const likely = (list && commonTemplate(list.tenants)) ?? templates[0]?.name ?? null;
  const template = chosen === undefined ? likely : chosen;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (path !== null) onSubmit({ path, template, role: roleOf(role), goOn });
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("life:create.fileTitle")}
      size={560}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      <form className={classes.form} onSubmit={submit}>
        <div>
          <Button
            size="sm"
            data-autofocus
            onClick={() =>
              picking.mutate(t("life:create.choose"), {
                onSuccess: (picked) => picked !== null && setPath(picked),
              })
            }
          >
            {t("life:create.choose")}
          </Button>{" "}
          <code>{path?.split(/[/\\]/).at(-1)}</code>
          <p className={classes.fileHint}>{t("life:create.fileHint")}</p>
        </div>
        <Select
          label={t("life:create.template")}
          value={template ?? ""}
          onChange={(value) => setChosen(value === "" || value === null ? null : value)}
          data={[
            ...templates.map((one) => ({
              value: one.name,
              label: templateTitle(templates, one.name, i18n.language),
            })),
            { value: "", label: t("create:empty") },
          ]}
          allowDeselect={false}
        />
        <RoleChoice chosen={role} onChange={setRole} />
        <Checkbox
          label={t("life:create.goOn")}
          checked={goOn}
          onChange={(event) => setGoOn(event.currentTarget.checked)}
        />
        <Group justify="flex-end" gap={8}>
          <Button size="sm" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button size="sm" type="submit" variant="filled" loading={busy} disabled={path === null}>
            {t("create:next")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
