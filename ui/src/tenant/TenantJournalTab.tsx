import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { journalQueryOptions, wholeJournal } from "../api/journal";
import type { JournalEntry } from "../api/types";
import { EmptyState } from "../components/empty/EmptyState";
import { ErrorView } from "../components/error/ErrorView";
import { RelativeTime } from "../components/figures/RelativeTime";
import type { GridColumn } from "../components/grid/columns";
import { DataGrid } from "../components/grid/DataGrid";
import { GridSkeleton } from "../components/grid/GridSkeleton";
import { useGridModel } from "../components/grid/useGridModel";
import { Status, type Tone } from "../components/status/Status";
import classes from "./TablesTab.module.css";

const none: JournalEntry[] = [];
const entryId = (entry: JournalEntry) => String(entry.number);
const tones: Record<string, Tone> = { done: "ok", failed: "bad", cancelled: "off", skipped: "off" };

/** What was done to this tenant, newest first. */
export function TenantJournalTab({ schema }: { schema: string }) {
  const { t } = useTranslation(["tenant", "common", "journal"]);
  const journal = useQuery(journalQueryOptions({ ...wholeJournal, search: schema, limit: 500 }));
  // The search looks in every text of an entry; this page is about the ones whose subject is the tenant.
  const entries = useMemo(
    () => journal.data?.filter((entry) => entry.subject === schema) ?? none,
    [journal.data, schema],
  );
  const columns = useMemo((): GridColumn<JournalEntry>[] => {
    // Operations and outcomes come as codes from the other side of the bridge: looked up, not typed.
    const look = t as unknown as (key: string, options: object) => string;
    const operation = (entry: JournalEntry) =>
      look(`journal:operation.${entry.operation}`, { defaultValue: entry.operation });
    const outcome = (entry: JournalEntry) =>
      look(`common:state.${entry.outcome}`, { defaultValue: entry.outcome });
    return [
      {
        id: "time",
        header: t("tenant:journal.time"),
        value: (entry) => entry.time,
        render: (entry) => <RelativeTime value={entry.time} />,
        width: 130,
      },
      { id: "operation", header: t("tenant:journal.operation"), value: operation, width: 150 },
      {
        id: "outcome",
        header: t("tenant:journal.outcome"),
        value: outcome,
        render: (entry) => <Status tone={tones[entry.outcome] ?? "info"} label={outcome(entry)} />,
        width: 110,
      },
      { id: "person", header: t("tenant:journal.person"), value: (entry) => entry.person, width: 110 },
      {
        id: "detail",
        header: t("tenant:journal.detail"),
        value: (entry) => entry.detail,
        render: (entry) => <span title={entry.detail ?? undefined}>{entry.detail}</span>,
        width: 240,
        grow: 1,
        code: true,
      },
    ];
  }, [t]);
  const model = useGridModel("tenant-journal", columns, entries, { id: "time", desc: true });
  if (journal.error) {
    return (
      <div className={classes.toolbar}>
        <ErrorView error={journal.error} onRetry={() => void journal.refetch()} />
      </div>
    );
  }
  return (
    <div className={classes.tab} style={{ paddingTop: 14 }}>
      <div className={classes.frame}>
        {journal.isPending ? (
          <GridSkeleton columns={columns} />
        ) : (
          <DataGrid
            model={model}
            label={t("tenant:tab.journal")}
            rowId={entryId}
            empty={
              <EmptyState icon={<IconHistory size={36} stroke={1.3} />} title={t("tenant:journal.none")}>
                {t("tenant:journal.noneText")}
              </EmptyState>
            }
          />
        )}
      </div>
    </div>
  );
}
