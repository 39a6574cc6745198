import { ActionIcon, Skeleton, Tooltip } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { runListQueryOptions, runQueryOptions } from "../api/runs";
import { RestoreReportView } from "../backups/RestoreReportView";
import { ErrorView } from "../components/error/ErrorView";
import { PageHeader } from "../components/page/PageHeader";
import { useFormat } from "../i18n/format";
import { FinishedWords } from "./FinishedWords";
import { FollowUpButtons } from "./FollowUpButtons";
import { hasReport } from "./followUp";
import { RunButtons } from "./RunButtons";
import { RunningWords } from "./RunningWords";
import { RunPanel } from "./RunPanel";
import classes from "./RunsPage.module.css";
import { recordedRun, useRun } from "./store";

/** One run: every tenant's outcome, and what can be done about it. Live while it goes on in this window. */
export function RunPage() {
  const { run: id } = useParams({ from: "/frame/journal/runs/$run" });
  const { t } = useTranslation(["runs", "common"]);
  const format = useFormat();
  const navigate = useNavigate();
  const followed = useRun(id);
  const { data: all } = useQuery(runListQueryOptions());
  const entry = all?.find((one) => one.run === id);
  const recorded = useQuery({
    ...runQueryOptions(id),
    enabled: followed === null,
    refetchInterval: entry?.running ? 2000 : false,
  });
  const past = useMemo(() => (recorded.data ? recordedRun(recorded.data) : null), [recorded.data]);
  const run = followed ?? past;
  const reported = run?.summary ? hasReport(run.summary) : false;
  const back = () => void navigate({ to: "/journal/runs" });
  const title = entry
    ? `${t(`runs:operation.${entry.kind}`)} · ${format.dateTime(entry.started_at)}`
    : t("runs:list.named", { run: id.slice(0, 8) });

  return (
    <div className={classes.page}>
      <PageHeader
        title={title}
        subtitle={entry?.database}
        before={
          <Tooltip label={t("runs:list.back")}>
            <ActionIcon aria-label={t("runs:list.back")} onClick={back}>
              <IconArrowLeft size={17} />
            </ActionIcon>
          </Tooltip>
        }
      />
      <div className={classes.content}>
        {recorded.error && !run && (
          <div className={classes.failure}>
            <ErrorView
              error={recorded.error}
              title={t("runs:list.runFailed")}
              onRetry={() => void recorded.refetch()}
            />
          </div>
        )}
        {!run && recorded.isLoading && (
          <div className={classes.failure} aria-hidden="true">
            <Skeleton height={14} width="60%" />
          </div>
        )}
        {run && (
          <div className={classes.main}>
            <div className={classes.says}>
              {run.summary && !entry?.running ? <FinishedWords run={run} /> : <RunningWords run={run} />}
              {entry?.running && !followed && <span className={classes.dim}>{t("runs:working")}</span>}
              <span className={classes.space} />
              {run.summary && <FollowUpButtons summary={run.summary} />}
              {followed && !followed.summary && <RunButtons progress={followed.progress} />}
            </div>
            <RunPanel key={id} page short={reported} run={run} onClose={back} />
            {reported && run.summary && <RestoreReportView key={`${id} report`} summary={run.summary} />}
          </div>
        )}
      </div>
    </div>
  );
}
