import type { TFunction } from "i18next";
import type { RunEntry } from "../api/types";
import { Figure } from "../components/figures/Figure";
import type { GridColumn } from "../components/grid/columns";
import { Status, type Tone } from "../components/status/Status";
import type { Format } from "../i18n/format";
import { leftOf } from "./followUp";

type Translate = TFunction<["runs", "common"]>;

/** How a past run ended, as one word. */
export function endOf(t: Translate, entry: RunEntry): { tone: Tone; label: string } {
  if (entry.running) return { tone: "busy", label: t("common:state.running") };
  if (entry.stopped)
    return { tone: entry.failed > 0 ? "bad" : "warn", label: t(`runs:short.${entry.stopped}`) };
  if (entry.failed > 0) return { tone: "bad", label: t("runs:failed", { count: entry.failed }) };
  return { tone: "ok", label: t("common:state.done") };
}

export const sizeOf = (entry: RunEntry) => entry.done + entry.skipped + leftOf(entry);

/**
 * The columns of the list of runs. Its order is time's, with those first that wait for somebody. In a narrow window the
 * database waits to be asked for.
 */
export function runColumns(t: Translate, format: Format, narrow: boolean): GridColumn<RunEntry>[] {
  const columns: GridColumn<RunEntry>[] = [
    {
      id: "started",
      header: t("runs:column.started"),
      value: (entry) => entry.started_at,
      render: (entry) => (
        <time dateTime={entry.started_at} className="tabular">
          {format.dateTime(entry.started_at)}
        </time>
      ),
      width: 164,
      hideable: false,
    },
    {
      id: "kind",
      header: t("runs:column.kind"),
      value: (entry) => t(`runs:operation.${entry.kind}`),
      width: 126,
      hideable: false,
      opens: true,
    },
    {
      id: "state",
      header: t("runs:column.state"),
      value: (entry) => endOf(t, entry).label,
      render: (entry) => <Status {...endOf(t, entry)} />,
      width: 146,
    },
    {
      id: "done",
      header: t("runs:column.done"),
      value: (entry) => entry.done,
      render: (entry) => <Figure value={entry.done} />,
      align: "end",
      width: 60,
    },
    {
      id: "failed",
      header: t("runs:column.failed"),
      value: (entry) => entry.failed,
      render: (entry) => <Figure value={entry.failed} />,
      align: "end",
      width: 64,
    },
    {
      id: "left",
      header: t("runs:column.left"),
      value: (entry) => entry.cancelled + entry.not_started,
      render: (entry) => <Figure value={entry.cancelled + entry.not_started} />,
      align: "end",
      width: 92,
    },
    {
      id: "tenants",
      header: t("runs:column.tenants"),
      value: sizeOf,
      render: (entry) => <Figure value={sizeOf(entry)} />,
      align: "end",
      width: 72,
    },
    {
      id: "duration",
      header: t("runs:column.duration"),
      value: durationOf,
      render: (entry) => {
        const duration = durationOf(entry);
        return <span className="tabular">{duration === null ? "–" : format.duration(duration)}</span>;
      },
      align: "end",
      width: 72,
    },
    {
      id: "database",
      header: t("runs:column.database"),
      value: (entry) => entry.database,
      render: (entry) => <span title={entry.database}>{entry.database}</span>,
      width: 200,
      grow: 2,
      code: true,
      hidden: narrow,
    },
    {
      id: "run",
      header: t("runs:column.run"),
      value: (entry) => entry.run,
      render: (entry) => <span title={entry.run}>{entry.run.slice(0, 8)}</span>,
      width: 100,
      code: true,
      hidden: true,
    },
  ];
  return columns.map((column) => ({ ...column, sortable: false }));
}

function durationOf(entry: RunEntry): number | null {
  return entry.ended_at === null ? null : Date.parse(entry.ended_at) - Date.parse(entry.started_at);
}
