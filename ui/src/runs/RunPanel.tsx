import { ActionIcon, Tooltip } from "@mantine/core";
import { useEventListener } from "@mantine/hooks";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { writtenArchivesQueryOptions } from "../api/archives";
import { exportedFilesQueryOptions } from "../api/exports";
import { tenantListQueryOptions } from "../api/tenants";
import type { TenantSummary } from "../api/types";
import { CloneRemarks } from "../clone/CloneRemarks";
import { CopyButton } from "../components/copy/CopyButton";
import { ErrorView } from "../components/error/ErrorView";
import { rowsText } from "../components/grid/columns";
import { DataGrid } from "../components/grid/DataGrid";
import { useGridModel } from "../components/grid/useGridModel";
import { MaintainReportView } from "../maintain/MaintainReportView";
import { DroppedResult } from "../quarantine/DroppedResult";
import { CanaryVerdict } from "./CanaryVerdict";
import { outcomeColumns, writes } from "./columns";
import { FollowUpButtons } from "./FollowUpButtons";
import { isMaintenance, isMigration } from "./followUp";
import { OutcomeFilter } from "./OutcomeFilter";
import {
  countStates,
  type OutcomeRow,
  type OutcomeState,
  outcomeRows,
  type WrittenFile,
  writtenArchive,
  writtenWorkbook,
} from "./outcomes";
import { RunEnding } from "./RunEnding";
import { RunOutput } from "./RunOutput";
import classes from "./RunPanel.module.css";
import type { FollowedRun } from "./store";
import { WrittenFileView } from "./WrittenFileView";

const noFiles: readonly WrittenFile[] = [];
const noTenants: readonly TenantSummary[] = [];
const schemaOf = (row: OutcomeRow) => row.schema;
const nameOf = (row: OutcomeRow) => row.name;

type RunPanelProps = {
  run: FollowedRun;
  onClose: () => void;
  /** On a page of its own, not in the dock. */
  page?: boolean;
  /** There is a report below, which needs the room more. */
  short?: boolean;
};

/** Every tenant of a run with its outcome; beside the list, one outcome in full. */
export function RunPanel({ run, onClose, page = false, short = false }: RunPanelProps) {
  const { t } = useTranslation(["runs", "common"]);
  const { progress, summary } = run;
  // Names are a nicety: the list that is there is enough, and without a connection there is none.
  const { data: list } = useQuery({ ...tenantListQueryOptions(), enabled: false });
  const files = useWrittenFiles(run);
  const [filter, setFilter] = useState<OutcomeState | null>(null);
  const [shownSchema, setShownSchema] = useState<string | null>(null);

  const tenants = list?.tenants ?? noTenants;
  const names = useMemo(
    () =>
      new Map([
        ...tenants.map((tenant): [string, string] => [tenant.schema, tenant.name]),
        // What a repair does to no single tenant.
        ["pg_database", t("runs:wholeDatabase")],
      ]),
    [tenants, t],
  );
  const rows = useMemo(() => outcomeRows(run, names, files), [run, names, files]);
  const counts = useMemo(() => countStates(rows), [rows]);
  const visible = useMemo(
    () => (filter === null ? rows : rows.filter((row) => row.state === filter)),
    [rows, filter],
  );
  const columns = useMemo(() => outcomeColumns(t, progress.kind), [t, progress.kind]);
  const model = useGridModel(
    isMigration(progress.kind) ? "run.migrate" : writes(progress.kind) ? "run.export" : "run",
    columns,
    visible,
  );
  const shown = shownSchema === null ? undefined : rows.find((row) => row.schema === shownSchema);

  const open = (row: OutcomeRow) => {
    const tells = isMigration(progress.kind) || isMaintenance(progress.kind);
    setShownSchema(row.file || row.error || tells ? row.schema : null);
  };
  const panel = useEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (shown) setShownSchema(null);
    else onClose();
  });

  return (
    <div ref={panel} className={classes.panel} data-page={page || undefined} data-short={short || undefined}>
      {progress.state === "held" && progress.canaries && (
        <CanaryVerdict progress={progress} report={progress.canaries} />
      )}
      {summary && <RunEnding summary={summary} />}
      {summary?.kind === "drop" && <DroppedResult summary={summary} />}
      {summary?.kind === "clone" && <CloneRemarks run={summary.run} />}
      <div className={classes.bar}>
        <OutcomeFilter total={rows.length} counts={counts} chosen={filter} onChoose={setFilter} />
        <span className={classes.space} />
        {summary && !page && <FollowUpButtons summary={summary} />}
        <CopyButton
          variant="subtle"
          text={() => rowsText(model.columns, model.rows)}
          label={t("runs:copyList")}
        />
      </div>
      <div className={classes.content}>
        <DataGrid
          model={model}
          label={t("runs:outcomes")}
          rowId={schemaOf}
          rowName={nameOf}
          onOpen={open}
          empty={<p className={classes.none}>{t("runs:none")}</p>}
        />
        {shown && (
          <aside className={classes.aside} aria-label={shown.name}>
            <header className={classes.asideHeader}>
              <b>
                <bdi>{shown.name}</bdi>
              </b>
              <Tooltip label={t("common:action.close")}>
                <ActionIcon
                  size={22}
                  aria-label={t("common:action.close")}
                  onClick={() => setShownSchema(null)}
                >
                  <IconX size={15} />
                </ActionIcon>
              </Tooltip>
            </header>
            {shown.error && <ErrorView key={shown.schema} error={shown.error} plain />}
            {shown.file && <WrittenFileView key={shown.schema} file={shown.file} />}
            {isMaintenance(progress.kind) && (
              <MaintainReportView run={progress.run} schema={shown.schema} state={shown.state} />
            )}
            {isMigration(progress.kind) && (
              <RunOutput run={progress.run} schema={shown.schema} state={shown.state} />
            )}
          </aside>
        )}
      </div>
    </div>
  );
}

/** The files of a run that has ended. */
function useWrittenFiles({ progress, summary }: FollowedRun): readonly WrittenFile[] {
  const ended = summary !== null;
  const { data: workbooks } = useQuery({
    ...exportedFilesQueryOptions(progress.run),
    enabled: progress.kind === "export" && ended,
  });
  const { data: archives } = useQuery({
    ...writtenArchivesQueryOptions(progress.run),
    enabled: progress.kind === "backup" && ended,
  });
  return useMemo(
    () => workbooks?.map(writtenWorkbook) ?? archives?.map(writtenArchive) ?? noFiles,
    [workbooks, archives],
  );
}
