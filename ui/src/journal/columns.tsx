import type { TFunction } from "i18next";
import type { JournalEntry } from "../api/types";
import { Unknown } from "../components/figures/Figure";
import type { GridColumn } from "../components/grid/columns";
import { Status } from "../components/status/Status";
import type { Format } from "../i18n/format";
import { operationWord, outcomeTone, outcomeWord, subjectWords } from "./words";

/** The columns of the journal. The order is time's: sorting a part of a journal would hide the rest. */
export function journalColumns(
  t: TFunction<"journal">,
  common: TFunction<"common">,
  format: Format,
): GridColumn<JournalEntry>[] {
  const columns: GridColumn<JournalEntry>[] = [
    {
      id: "time",
      header: t("column.time"),
      value: (entry) => entry.time,
      text: (entry) => entry.time,
      render: (entry) => (
        <time dateTime={entry.time} className="tabular">
          {format.dateTime(entry.time)}
        </time>
      ),
      width: 190,
      hideable: false,
    },
    {
      id: "operation",
      header: t("column.operation"),
      value: (entry) => operationWord(t, entry.operation),
      width: 170,
      hideable: false,
      opens: true,
    },
    {
      id: "outcome",
      header: t("column.outcome"),
      value: (entry) => outcomeWord(common, entry.outcome),
      render: (entry) => (
        <Status tone={outcomeTone(entry.outcome)} label={outcomeWord(common, entry.outcome)} />
      ),
      width: 104,
    },
    {
      id: "subject",
      header: t("column.subject"),
      value: (entry) => (entry.subject === null ? null : subjectWords(t, entry.subject)),
      render: (entry) =>
        entry.subject === null ? (
          <Unknown />
        ) : (
          <bdi title={entry.subject}>{subjectWords(t, entry.subject)}</bdi>
        ),
      width: 180,
      grow: 2,
    },
    {
      id: "person",
      header: t("column.person"),
      value: (entry) => entry.person,
      width: 96,
    },
    {
      id: "role",
      header: t("column.role"),
      value: (entry) => entry.role,
      width: 130,
      code: true,
      hidden: true,
    },
    {
      id: "database",
      header: t("column.database"),
      value: (entry) => entry.database,
      render: (entry) =>
        entry.database === null ? <Unknown /> : <span title={entry.database}>{entry.database}</span>,
      width: 200,
      grow: 2,
      code: true,
    },
  ];
  return columns.map((column) => ({ ...column, sortable: false }));
}
