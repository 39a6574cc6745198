import { useMediaQuery } from "@mantine/hooks";
import { IconListCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { runListQueryOptions } from "../api/runs";
import { settingsQueryOptions } from "../api/settings";
import type { RunEntry } from "../api/types";
import { EmptyState } from "../components/empty/EmptyState";
import { ErrorView } from "../components/error/ErrorView";
import { DataGrid } from "../components/grid/DataGrid";
import { GridSkeleton } from "../components/grid/GridSkeleton";
import { useGridModel } from "../components/grid/useGridModel";
import { PageHeader } from "../components/page/PageHeader";
import { useFormat } from "../i18n/format";
import { JournalParts } from "../journal/JournalParts";
import { inOrder } from "./followUp";
import { InterruptedRuns } from "./InterruptedRuns";
import { runColumns } from "./listColumns";
import classes from "./RunsPage.module.css";

const idOf = (entry: RunEntry) => entry.run;

/** Every run from this computer; those that were interrupted first. */
export function RunsPage() {
  const { t } = useTranslation(["runs", "common"]);
  const format = useFormat();
  const navigate = useNavigate();
  const narrow = useMediaQuery("(max-width: 1120px)") ?? false;
  const { data: settings } = useQuery(settingsQueryOptions());
  const runs = useQuery({
    ...runListQueryOptions(),
    // What another program works on moves.
    refetchInterval: ({ state }) => (state.data?.some((entry) => entry.running) ? 2000 : false),
  });
  const entries = useMemo(() => inOrder(runs.data ?? []), [runs.data]);
  const columns = useMemo(() => runColumns(t, format, narrow), [t, format, narrow]);
  const model = useGridModel("runs", columns, entries);
  const nameOf = (entry: RunEntry) =>
    `${t(`runs:operation.${entry.kind}`)}, ${format.dateTime(entry.started_at)}`;

  return (
    <div className={classes.page}>
      <PageHeader title={t("runs:list.title")} subtitle={t("runs:list.subtitle")}>
        <JournalParts />
      </PageHeader>
      <InterruptedRuns />
      <div className={classes.content}>
        {runs.isPending && <GridSkeleton columns={columns} />}
        {runs.error && !runs.data && (
          <div className={classes.failure}>
            <ErrorView error={runs.error} title={t("runs:list.failed")} onRetry={() => void runs.refetch()} />
          </div>
        )}
        {runs.data && (
          <div className={classes.main}>
            <DataGrid
              model={model}
              label={t("runs:list.title")}
              rowId={idOf}
              rowName={nameOf}
              dense={settings?.dense ?? true}
              onOpen={(entry) => void navigate({ to: "/journal/runs/$run", params: { run: entry.run } })}
              empty={
                <EmptyState icon={<IconListCheck size={36} stroke={1.3} />} title={t("runs:list.empty")}>
                  {t("runs:list.emptyText")}
                </EmptyState>
              }
            />
            <p className={classes.foot} role="status">
              {t("runs:list.shown", { count: entries.length })}
            </p>
          </div>
        )}
      </div>
    </div>
  );
}
