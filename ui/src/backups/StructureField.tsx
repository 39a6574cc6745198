import { Anchor, Input, SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { templatesQueryOptions } from "../api/migrations";
import { usePickFolder } from "../api/system";
import type { TenantSummary, WorkbookCard } from "../api/types";
import { templateTitle } from "../tenants/columns";
import classes from "./Dialogs.module.css";

/** Where the structure of a restored tenant comes from, and what that needs to know. */
export type Structure =
  | { from: "workbook" }
  /** A shipped template by name, or a folder by path; `null` while none is chosen. */
  | { from: "template"; template: string | null }
  /** The tenant's schema; `null` while none is chosen. */
  | { from: "tenant"; schema: string | null };

type StructureFieldProps = {
  card: WorkbookCard;
  tenants: readonly TenantSummary[];
  structure: Structure;
  onChange: (structure: Structure) => void;
};

/** The structure as it is in the file, as the template makes it at the version of the file, or that of a tenant without rows. */
export function StructureField({ card, tenants, structure, onChange }: StructureFieldProps) {
  const { t } = useTranslation(["backups", "common"]);
  const id = useId();
  const choose = (from: string) => {
    if (from === "template") onChange({ from, template: card.template });
    else if (from === "tenant") onChange({ from, schema: null });
    else onChange({ from: "workbook" });
  };
  return (
    <div>
      <Input.Wrapper
        label={t("backups:structure.label")}
        labelElement="div"
        labelProps={{ id }}
        description={t(`backups:structure.hint.${structure.from}`, { version: card.version ?? "" })}
        inputWrapperOrder={["label", "input", "description"]}
      >
        <SegmentedControl
          fullWidth
          aria-labelledby={id}
          value={structure.from}
          onChange={choose}
          data={[
            { value: "workbook", label: t("backups:structure.workbook") },
            // Only a file that knows which migrations its tenant had applied.
            ...(card.version === null ? [] : [{ value: "template", label: t("backups:structure.template") }]),
            { value: "tenant", label: t("backups:structure.tenant") },
          ]}
        />
      </Input.Wrapper>
      {structure.from === "template" && (
        <TemplateLine
          chosen={structure.template}
          onChange={(template) => onChange({ from: "template", template })}
        />
      )}
      {structure.from === "tenant" && (
        <Select
          mt={12}
          label={t("backups:structure.into")}
          placeholder={t("backups:structure.choose")}
          searchable
          limit={50}
          value={structure.schema}
          onChange={(schema) => onChange({ from: "tenant", schema })}
          allowDeselect={false}
          nothingFoundMessage={t("common:search.nothing")}
          data={tenants.map(({ schema, name }) => ({ value: schema, label: name }))}
        />
      )}
    </div>
  );
}

type TemplateLineProps = { chosen: string | null; onChange: (template: string) => void };

/** Which template, and the way to a folder instead. */
function TemplateLine({ chosen, onChange }: TemplateLineProps) {
  const { t, i18n } = useTranslation("backups");
  const { data: templates = [] } = useQuery(templatesQueryOptions());
  const pick = usePickFolder();
  const shipped = chosen !== null && templates.some(({ name }) => name === chosen);
  return (
    <p className={classes.source}>
      {chosen === null ? (
        <span>{t("structure.noTemplate")}</span>
      ) : shipped ? (
        <span>
          {templateTitle(templates, chosen, i18n.language)} <code>{chosen}</code>
        </span>
      ) : (
        <code>{chosen}</code>
      )}
      <Anchor
        component="button"
        type="button"
        fz="xs"
        onClick={() =>
          pick.mutate(t("structure.pick"), { onSuccess: (path) => path !== null && onChange(path) })
        }
      >
        {t("structure.folder")}
      </Anchor>
    </p>
  );
}
