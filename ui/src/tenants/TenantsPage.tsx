import { Button, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconBuildingCommunity, IconFilterOff, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { AdoptionNotice } from "../adoption/AdoptionNotice";
import { templatesQueryOptions } from "../api/migrations";
import { settingsQueryOptions } from "../api/settings";
import type { TemplateInfo, TenantSummary } from "../api/types";
import { EmptyState } from "../components/empty/EmptyState";
import { ErrorView } from "../components/error/ErrorView";
import { DataGrid } from "../components/grid/DataGrid";
import { GridSkeleton } from "../components/grid/GridSkeleton";
import { useGridModel } from "../components/grid/useGridModel";
import { PageHeader } from "../components/page/PageHeader";
import { CreateDialog } from "../create/CreateDialog";
import { shortVersion } from "../migrations/version";
import { MisplacedNotice } from "../misplaced/MisplacedNotice";
import { useMapChoices } from "../parcels/choices";
import { FleetMap } from "../parcels/FleetMap";
import { tenantColumns } from "./columns";
import { FleetSummary } from "./FleetSummary";
import { filterTenants, isFiltered, noFilters } from "./filters";
import { quotaShare } from "./quota";
import { useTenantSelection } from "./selection";
import { TenantActions } from "./TenantActions";
import { TenantParts } from "./TenantParts";
import classes from "./TenantsPage.module.css";
import { TenantToolbar } from "./TenantToolbar";
import { useFleet } from "./useFleet";
import { useRefusal } from "./useRefusal";

const noTemplates: TemplateInfo[] = [];
const schemaOf = (tenant: TenantSummary) => tenant.schema;
const nameOf = (tenant: TenantSummary) => tenant.name;

/** The fleet: every tenant in one list. */
export function TenantsPage() {
  const { t, i18n } = useTranslation(["tenants", "common"]);
  const navigate = useNavigate();
  const { create } = useSearch({ from: "/frame/database/tenants" });
  const { list, tenants, measuring } = useFleet();
  const { data: templates = noTemplates } = useQuery(templatesQueryOptions());
  const { data: settings } = useQuery(settingsQueryOptions());
  const [filters, setFilters] = useState(noFilters);
  const [selected, select] = useTenantSelection();
  const narrow = useMediaQuery("(max-width: 1120px)") ?? false;
  const [choices, choose] = useMapChoices();
  const grid = useRef<HTMLDivElement>(null);

  const quotas = tenants.some((tenant) => quotaShare(tenant) !== null);
  const dated = tenants.some(
    (tenant) => tenant.version !== null && !shortVersion(tenant.version).startsWith("v"),
  );
  const columns = useMemo(
    () => tenantColumns(t, templates, i18n.language, { narrow, dated, quotas }),
    [t, templates, i18n.language, narrow, dated, quotas],
  );
  const applied = useDeferredValue(filters);
  const shown = useMemo(() => filterTenants(tenants, applied), [tenants, applied]);
  const model = useGridModel("tenants", columns, shown, { id: "name", desc: false });
  const chosen = useMemo(() => tenants.filter((tenant) => selected.has(tenant.schema)), [tenants, selected]);
  const hidden = useMemo(() => {
    const visible = new Set(shown.map(schemaOf));
    return chosen.filter((tenant) => !visible.has(tenant.schema)).length;
  }, [chosen, shown]);

  const open = (schema: string) => void navigate({ to: "/tenants/$schema", params: { schema } });
  const openTable = (schema: string, table: string) =>
    void navigate({ to: "/tenants/$schema", params: { schema }, search: { tab: "structure", table } });
  const showCreate = (opened: boolean) =>
    void navigate({ to: "/tenants", search: opened ? { create: true } : {} });
  const dense = settings?.dense ?? true;
  const empty = isFiltered(filters) ? (
    <EmptyState
      icon={<IconFilterOff size={36} stroke={1.3} />}
      title={t("tenants:nothing.filtered")}
      action={<Button onClick={() => setFilters(noFilters)}>{t("tenants:filter.reset")}</Button>}
    >
      {t("tenants:nothing.filteredText")}
    </EmptyState>
  ) : (
    <EmptyState
      icon={<IconBuildingCommunity size={36} stroke={1.3} />}
      title={t("tenants:nothing.title")}
      action={<NewTenant onClick={() => showCreate(true)} />}
    >
      {t("tenants:nothing.text")}
    </EmptyState>
  );

  return (
    <div className={classes.page}>
      <PageHeader title={t("tenants:title")} subtitle={list.data && <FleetSummary tenants={tenants} />}>
        <TenantParts />
        <NewTenant onClick={() => showCreate(true)} />
      </PageHeader>
      <TenantToolbar
        tenants={tenants}
        templates={templates}
        filters={filters}
        onFilters={setFilters}
        model={model}
        columns={columns}
        onLeaveSearch={() => grid.current?.focus()}
        onRefresh={() => void list.refetch()}
        refreshing={list.isRefetching}
        view={choices.view}
        onView={(view) => choose({ view })}
      />
      {list.data && <AdoptionNotice />}
      {list.data && <MisplacedNotice />}
      <div className={classes.list}>
        {list.isPending && <GridSkeleton columns={columns} />}
        {list.error && !list.data && (
          <div className={classes.failure}>
            <ErrorView error={list.error} title={t("tenants:failed")} onRetry={() => void list.refetch()} />
          </div>
        )}
        {list.data && (
          <>
            {choices.view === "plan" ? (
              <FleetMap
                tenants={shown}
                choices={choices}
                onChoose={choose}
                dense={dense}
                onOpen={open}
                onOpenTable={openTable}
                selected={selected}
                onSelect={select}
                focusRef={grid}
                empty={empty}
              />
            ) : (
              <DataGrid
                model={model}
                label={t("tenants:title")}
                rowId={schemaOf}
                rowName={nameOf}
                dense={dense}
                onOpen={(tenant) => open(tenant.schema)}
                selected={selected}
                onSelect={select}
                focusRef={grid}
                empty={empty}
              />
            )}
            <TenantActions
              list={list.data}
              readAt={list.dataUpdatedAt}
              shown={shown.length}
              chosen={chosen}
              hidden={hidden}
              measuring={measuring}
            />
          </>
        )}
      </div>
      {create && <CreateDialog onClose={() => showCreate(false)} />}
    </div>
  );
}

/** The button to create, or why there can be no tenant here. */
function NewTenant({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation("tenants");
  const refused = useRefusal(true);
  return (
    <Tooltip label={refused} disabled={refused === null}>
      <Button
        variant="filled"
        leftSection={<IconPlus size={15} />}
        data-disabled={refused !== null || undefined}
        aria-disabled={refused !== null || undefined}
        onClick={() => refused === null && onClick()}
      >
        {t("new")}
      </Button>
    </Tooltip>
  );
}
