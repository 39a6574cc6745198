import { IconPlugConnected } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { settingsQueryOptions } from "../../api/settings";
import type { Activity, TenantSessions } from "../../api/types";
import { EmptyState } from "../../components/empty/EmptyState";
import { Figure } from "../../components/figures/Figure";
import type { GridColumn } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useGridModel } from "../../components/grid/useGridModel";
import type { Translate } from "./words";

const idOf = (tenant: TenantSessions) => tenant.schema;

/** How many sessions each tenant has. */
export function TenantsGrid({ activity }: { activity: Activity }) {
  const { t } = useTranslation("watch");
  const navigate = useNavigate();
  const { data: settings } = useQuery(settingsQueryOptions());
  const columns = useMemo(() => tenantColumns(t), [t]);
  const model = useGridModel("tenantSessions", columns, activity.tenants, { id: "sessions", desc: true });
  return (
    <DataGrid
      model={model}
      label={t("activity.tenantList")}
      rowId={idOf}
      dense={settings?.dense ?? true}
      onOpen={({ schema }) => void navigate({ to: "/tenants/$schema", params: { schema } })}
      empty={
        <EmptyState icon={<IconPlugConnected size={36} stroke={1.3} />} title={t("activity.none.tenants")} />
      }
    />
  );
}

function tenantColumns(t: Translate): GridColumn<TenantSessions>[] {
  const count = (
    id: "sessions" | "active" | "idle" | "blocked",
    value: (tenant: TenantSessions) => number,
  ): GridColumn<TenantSessions> => ({
    id,
    header: t(`activity.column.${id}`),
    value,
    render: (tenant) => <Figure value={value(tenant)} />,
    align: "end",
    width: 150,
  });
  return [
    {
      id: "tenant",
      header: t("activity.column.tenant"),
      value: (tenant) => tenant.schema,
      render: (tenant) => <bdi title={tenant.schema}>{tenant.schema}</bdi>,
      width: 200,
      grow: 3,
      hideable: false,
      opens: true,
    },
    count("sessions", (tenant) => tenant.sessions),
    count("active", (tenant) => tenant.active),
    count("idle", (tenant) => tenant.idle_in_transaction),
    count("blocked", (tenant) => tenant.blocked),
  ];
}
