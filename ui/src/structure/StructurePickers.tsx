import { ActionIcon, Button, Select, Tooltip } from "@mantine/core";
import { IconArrowsExchange, IconLayoutList } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { TenantSummary } from "../api/types";
import { matcher, searchable } from "../tenants/search";
import classes from "./StructurePage.module.css";
import type { StructureChoice } from "./useStructures";

type StructurePickersProps = {
  tenants: readonly TenantSummary[];
  /** Schemas; no reference is the largest class. */
  choice: StructureChoice;
  /** Who stands for the largest class, once that is known. */
  largest: string | null;
  onChoose: (choice: StructureChoice) => void;
};

/** Which two structures are compared. */
export function StructurePickers({ tenants, choice, largest, onChoose }: StructurePickersProps) {
  const { t } = useTranslation("structure");
  const { reference, tenant } = choice;
  const left = reference ?? largest;
  return (
    <div className={classes.pickers}>
      <TenantSelect
        label={t("pick.reference")}
        placeholder={t("pick.largest")}
        tenants={tenants}
        value={reference}
        onChange={(next) => onChoose({ ...choice, reference: next })}
      />
      <Tooltip label={t("pick.swap")}>
        <ActionIcon
          aria-label={t("pick.swap")}
          disabled={tenant === null || left === null}
          onClick={() => onChoose({ reference: tenant, tenant: left })}
        >
          <IconArrowsExchange size={16} />
        </ActionIcon>
      </Tooltip>
      <TenantSelect
        label={t("pick.tenant")}
        placeholder={t("pick.choose")}
        tenants={tenants}
        value={tenant}
        onChange={(next) => onChoose({ ...choice, tenant: next })}
      />
      {tenant !== null && (
        <Button
          leftSection={<IconLayoutList size={15} />}
          onClick={() => onChoose({ reference: null, tenant: null })}
        >
          {t("pick.overview")}
        </Button>
      )}
    </div>
  );
}

type TenantSelectProps = {
  label: string;
  placeholder: string;
  tenants: readonly TenantSummary[];
  value: string | null;
  onChange: (schema: string | null) => void;
};

/** One of any number of tenants, found by name or schema. */
function TenantSelect({ label, placeholder, tenants, value, onChange }: TenantSelectProps) {
  const { t } = useTranslation("structure");
  const bySchema = useMemo(() => new Map(tenants.map((tenant) => [tenant.schema, tenant])), [tenants]);
  const data = useMemo(
    () => tenants.map((tenant) => ({ value: tenant.schema, label: tenant.name })),
    [tenants],
  );
  return (
    <Select
      aria-label={label}
      leftSection={<span className={classes.side}>{label}</span>}
      leftSectionWidth={84}
      placeholder={placeholder}
      data={data}
      value={value !== null && bySchema.has(value) ? value : null}
      onChange={onChange}
      searchable
      clearable
      limit={60}
      filter={({ options, search, limit }) => {
        const fits = matcher(search === bySchema.get(value ?? "")?.name ? "" : search);
        return options
          .filter((option) => {
            const tenant = "value" in option ? bySchema.get(option.value) : undefined;
            return tenant !== undefined && fits(searchable(tenant));
          })
          .slice(0, limit);
      }}
      nothingFoundMessage={t("pick.nobody")}
      className={classes.select}
    />
  );
}
