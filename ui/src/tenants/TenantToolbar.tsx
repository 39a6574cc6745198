import { ActionIcon, Button, SegmentedControl, Tooltip } from "@mantine/core";
import { IconListCheck, IconRefresh } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { TemplateInfo, TenantSummary } from "../api/types";
import { FilterMenu, type FilterOption } from "../components/filter/FilterMenu";
import { ColumnsMenu } from "../components/grid/ColumnsMenu";
import type { GridColumn } from "../components/grid/columns";
import type { GridModel } from "../components/grid/useGridModel";
import { SearchField } from "../components/search/SearchField";
import { shortVersion } from "../migrations/version";
import type { MapChoices } from "../parcels/choices";
import { templateTitle } from "./columns";
import { countFacet, type Facet, isFiltered, noFilters, type TenantFilters } from "./filters";
import classes from "./TenantsPage.module.css";

type TenantToolbarProps = {
  tenants: readonly TenantSummary[];
  templates: readonly TemplateInfo[];
  filters: TenantFilters;
  onFilters: (filters: TenantFilters) => void;
  model: GridModel<TenantSummary>;
  columns: readonly GridColumn<TenantSummary>[];
  onLeaveSearch: () => void;
  onRefresh: () => void;
  refreshing: boolean;
  view: MapChoices["view"];
  onView: (view: MapChoices["view"]) => void;
};

/** Search, filters, columns. */
export function TenantToolbar(props: TenantToolbarProps) {
  const { tenants, templates, filters, onFilters, model, columns, onLeaveSearch, onRefresh, refreshing } =
    props;
  const { view, onView } = props;
  const { t, i18n } = useTranslation(["tenants", "adoption", "common", "parcels"]);
  const navigate = useNavigate();
  const options = useMemo(() => {
    const label: Record<Facet, (value: string) => string> = {
      state: (value) => t(`common:state.${value as "active" | "inactive" | "unreadable"}`),
      version: (value) =>
        value === "none"
          ? t("tenants:filter.unmanaged")
          : value === "pending"
            ? t("tenants:filter.pending")
            : shortVersion(Number(value)),
      template: (value) =>
        value === "none" ? t("tenants:filter.none") : templateTitle(templates, value, i18n.language),
    };
    const of = (facet: Facet): FilterOption[] =>
      [...countFacet(tenants, facet)]
        .map(([value, count]) => ({ value, count, label: label[facet](value) }))
        .sort(
          (a, b) =>
            rank(a.value) - rank(b.value) || b.value.localeCompare(a.value, undefined, { numeric: true }),
        );
    return { state: of("state"), version: of("version"), template: of("template") };
  }, [tenants, templates, t, i18n.language]);

  return (
    <search className={classes.toolbar}>
      <SearchField
        label={t("tenants:search")}
        value={filters.search}
        onChange={(search) => onFilters({ ...filters, search })}
        onLeave={onLeaveSearch}
      />
      {(["state", "version", "template"] as const).map((facet) => (
        <FilterMenu
          key={facet}
          label={t(`tenants:filter.${facet}`)}
          all={t(`tenants:filter.${allOf[facet]}`)}
          options={options[facet]}
          selected={filters[facet]}
          onChange={(selected) => onFilters({ ...filters, [facet]: selected })}
        />
      ))}
      {isFiltered(filters) && (
        <Button variant="subtle" color="gray" onClick={() => onFilters(noFilters)}>
          {t("tenants:filter.reset")}
        </Button>
      )}
      <span className={classes.space} />
      <Tooltip label={t("adoption:open")}>
        <ActionIcon
          aria-label={t("adoption:open")}
          onClick={() => void navigate({ to: "/tenants", search: { adopt: true } })}
        >
          <IconListCheck size={16} />
        </ActionIcon>
      </Tooltip>
      {view === "list" && <ColumnsMenu model={model} columns={columns} />}
      <Tooltip label={t("common:action.refresh")}>
        <ActionIcon aria-label={t("common:action.refresh")} onClick={onRefresh} loading={refreshing}>
          <IconRefresh size={16} />
        </ActionIcon>
      </Tooltip>
      <SegmentedControl
        aria-label={t("parcels:view")}
        value={view}
        onChange={(next) => onView(next === "plan" ? "plan" : "list")}
        data={[
          { value: "list", label: t("parcels:list") },
          { value: "plan", label: t("parcels:plan") },
        ]}
      />
    </search>
  );
}

const allOf = { state: "allState", version: "allVersion", template: "allTemplate" } as const;

/** What needs attention first, then versions, then what has none. */
const rank = (value: string) => (value === "pending" ? 0 : value === "none" ? 2 : 1);
