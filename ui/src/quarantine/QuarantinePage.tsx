import { ActionIcon, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconArchive, IconRefresh } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { quarantineQueryOptions } from "../api/quarantine";
import { settingsQueryOptions } from "../api/settings";
import type { Quarantined } from "../api/types";
import { EmptyState } from "../components/empty/EmptyState";
import { ErrorView } from "../components/error/ErrorView";
import { Pane } from "../components/error/Pane";
import { Bytes } from "../components/figures/Figure";
import { DataGrid } from "../components/grid/DataGrid";
import { GridSkeleton } from "../components/grid/GridSkeleton";
import { useGridModel } from "../components/grid/useGridModel";
import { PageHeader } from "../components/page/PageHeader";
import { TenantParts } from "../tenants/TenantParts";
import { quarantineColumns } from "./columns";
import classes from "./QuarantinePage.module.css";
import { QuarantinePanel } from "./QuarantinePanel";
import { useBackupChecks } from "./useBackupChecks";

const none: Quarantined[] = [];
const schemaOf = (tenant: Quarantined) => tenant.schema;
const nameOf = (tenant: Quarantined) => tenant.name;

/** Tenants that were dropped and are still there: whether their backups are, the way back, and the way out. */
export function QuarantinePage() {
  const { t } = useTranslation(["quarantine", "tenants", "common"]);
  const client = useQueryClient();
  const { data: settings } = useQuery(settingsQueryOptions());
  const list = useQuery(quarantineQueryOptions());
  const narrow = useMediaQuery("(max-width: 1320px)") ?? false;
  const tight = useMediaQuery("(max-width: 1120px)") ?? false;
  const [chosen, setChosen] = useState<string | null>(null);
  const tenants = list.data ?? none;
  const checks = useBackupChecks(tenants);
  const columns = useMemo(() => quarantineColumns(t, checks, { narrow, tight }), [t, checks, narrow, tight]);
  const model = useGridModel("quarantine", columns, tenants, { id: "since", desc: true });
  // Somebody who comes here wants to see one: the newest, until another one is chosen.
  const shown = tenants.find((tenant) => tenant.schema === chosen) ?? model.rows[0];
  const size = tenants.reduce((sum, tenant) => sum + tenant.size_bytes, 0);

  return (
    <div className={classes.page}>
      <PageHeader
        title={t("tenants:title")}
        subtitle={
          list.data && (
            <>
              {t("quarantine:summary", { count: tenants.length })}
              {tenants.length > 0 && (
                <>
                  {" · "}
                  <Bytes value={size} estimated />
                </>
              )}
            </>
          )
        }
      >
        <TenantParts />
        <Tooltip label={t("common:action.refresh")}>
          <ActionIcon
            aria-label={t("common:action.refresh")}
            loading={list.isRefetching}
            onClick={() => void client.invalidateQueries({ queryKey: quarantineQueryOptions().queryKey })}
          >
            <IconRefresh size={16} />
          </ActionIcon>
        </Tooltip>
      </PageHeader>
      <div className={classes.content}>
        {list.isPending && <GridSkeleton columns={columns} />}
        {list.error && !list.data && (
          <div className={classes.failure}>
            <ErrorView
              error={list.error}
              title={t("quarantine:failed")}
              onRetry={() => void list.refetch()}
            />
          </div>
        )}
        {list.data && (
          <div className={classes.main}>
            <DataGrid
              model={model}
              label={t("quarantine:title")}
              rowId={schemaOf}
              rowName={nameOf}
              dense={settings?.dense ?? true}
              onOpen={(tenant) => setChosen(tenant.schema)}
              empty={
                <EmptyState
                  icon={<IconArchive size={36} stroke={1.3} />}
                  title={t("quarantine:nothing.title")}
                >
                  {t("quarantine:nothing.text")}
                </EmptyState>
              }
            />
          </div>
        )}
        {shown && (
          <Pane resetKey={shown.schema}>
            <QuarantinePanel key={shown.schema} tenant={shown} />
          </Pane>
        )}
      </div>
    </div>
  );
}
