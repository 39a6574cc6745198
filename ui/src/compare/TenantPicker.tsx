import { Button, MultiSelect } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { TenantSummary } from "../api/types";
import type { Selection } from "../components/grid/useSelection";
import { matcher, searchable } from "../tenants/search";

/** More names than this in the field hide what the page is for. */
const namesShown = 12;

type TenantPickerProps = {
  tenants: readonly TenantSummary[];
  selected: Selection;
  onSelect: (selected: Selection) => void;
};

/** Who is compared: the tenants that are selected in the list, and whoever is added here. */
export function TenantPicker({ tenants, selected, onSelect }: TenantPickerProps) {
  const { t } = useTranslation(["compare", "tenants"]);
  const bySchema = useMemo(() => new Map(tenants.map((tenant) => [tenant.schema, tenant])), [tenants]);
  const value = [...selected].filter((schema) => bySchema.has(schema));
  const data = useMemo(
    () => tenants.map((tenant) => ({ value: tenant.schema, label: tenant.name })),
    [tenants],
  );
  const all = value.length < tenants.length && tenants.length > 1 && (
    <Button
      variant="subtle"
      color="gray"
      onClick={() => onSelect(new Set(tenants.map((tenant) => tenant.schema)))}
    >
      {t("compare:pickAll", { count: tenants.length })}
    </Button>
  );
  if (value.length > namesShown) {
    return (
      <>
        <b>{t("compare:picked", { count: value.length })}</b>
        <Button variant="subtle" color="gray" onClick={() => onSelect(new Set())}>
          {t("compare:pickAgain")}
        </Button>
        {all}
      </>
    );
  }
  return (
    <>
      <MultiSelect
        aria-label={t("compare:pick")}
        placeholder={t(value.length === 0 ? "compare:pick" : "compare:pickMore")}
        data={data}
        value={value}
        onChange={(next) => onSelect(new Set(next))}
        searchable
        clearable
        hidePickedOptions
        limit={60}
        filter={({ options, search, limit }) => {
          const fits = matcher(search);
          return options
            .filter((option) => {
              const tenant = "value" in option ? bySchema.get(option.value) : undefined;
              return tenant !== undefined && fits(searchable(tenant));
            })
            .slice(0, limit);
        }}
        nothingFoundMessage={t("compare:nobody")}
        styles={{ pill: { border: "1px solid var(--line-strong)", background: "var(--hover)" } }}
        style={{ flex: 1 }}
      />
      {all}
    </>
  );
}
