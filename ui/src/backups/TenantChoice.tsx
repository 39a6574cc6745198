import { MultiSelect, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { tenantListQueryOptions } from "../api/tenants";
import { ErrorView } from "../components/error/ErrorView";
import { useFormat } from "../i18n/format";
import { useTenantSelection } from "../tenants/selection";
import classes from "./Dialogs.module.css";

type TenantChoiceProps = { chosen: readonly string[]; onChange: (schemas: readonly string[]) => void };

/** Which tenants: all, those that are selected in their list, or some others by name. */
export function TenantChoice({ chosen, onChange }: TenantChoiceProps) {
  const { t } = useTranslation(["backups", "common"]);
  const format = useFormat();
  const id = useId();
  const { data: list, error } = useQuery(tenantListQueryOptions());
  const [selected] = useTenantSelection();
  const [way, setWay] = useState<"all" | "selected" | "some">(selected.size === 0 ? "all" : "selected");
  const [named, setNamed] = useState<string[]>([]);
  const tenants = list?.tenants.filter((tenant) => tenant.state !== "quarantined") ?? [];
  const marked = tenants.filter((tenant) => selected.has(tenant.schema));
  const meant = way === "some" ? named : (way === "all" ? tenants : marked).map((tenant) => tenant.schema);
  useEffect(() => {
    if (meant.join("\0") !== chosen.join("\0")) onChange(meant);
  });
  const figures = (count: number) => ({ count, total: format.number(count) });
  return (
    <div>
      {error && <ErrorView error={error} plain />}
      <div id={id} className={classes.label}>
        {t("backups:archive.tenants")}
      </div>
      <SegmentedControl
        aria-labelledby={id}
        value={way}
        onChange={(value) => setWay(value as typeof way)}
        data={[
          { value: "all", label: t("backups:archive.all", figures(tenants.length)) },
          ...(selected.size > 0
            ? [{ value: "selected", label: t("backups:archive.selected", figures(marked.length)) }]
            : []),
          { value: "some", label: t("backups:archive.some") },
        ]}
      />
      {way === "some" && (
        <MultiSelect
          mt={8}
          aria-label={t("backups:archive.tenants")}
          placeholder={named.length === 0 ? t("backups:archive.chooseTenants") : undefined}
          searchable
          clearable
          limit={50}
          value={named}
          onChange={setNamed}
          nothingFoundMessage={t("common:search.nothing")}
          clearButtonProps={{ "aria-label": t("common:action.clear") }}
          data={tenants.map(({ schema, name }) => ({ value: schema, label: name }))}
          classNames={{ pillsList: classes.pills }}
        />
      )}
    </div>
  );
}
