import type { TFunction } from "i18next";
import type { Archive } from "../api/types";
import { errorText } from "../components/error/errorText";
import { Bytes, Figure, Unknown } from "../components/figures/Figure";
import { RelativeTime } from "../components/figures/RelativeTime";
import type { GridColumn } from "../components/grid/columns";
import { Status, type Tone } from "../components/status/Status";

/** Whether an archive can be relied on, as a sign and a word. */
export function stateOf(t: TFunction<"backups">, archive: Archive): { tone: Tone; label: string } {
  if (archive.problem) return { tone: "bad", label: t("archive.state.unusable") };
  return archive.verified
    ? { tone: "ok", label: t("archive.state.verified") }
    : { tone: "warn", label: t("archive.state.notVerified") };
}

/** The columns of the archives of a folder. */
export function archiveColumns(t: TFunction<"backups">): GridColumn<Archive>[] {
  return [
    {
      id: "name",
      header: t("column.tenant"),
      value: (archive) => archive.name || archive.id,
      render: (archive) => <bdi title={archive.name || archive.id}>{archive.name || archive.id}</bdi>,
      width: 150,
      grow: 2,
      hideable: false,
      opens: true,
    },
    {
      id: "state",
      header: t("column.state"),
      value: (archive) => stateOf(t, archive).label,
      text: (archive) => (archive.problem ? errorText(archive.problem).title : stateOf(t, archive).label),
      render: (archive) => (
        <span title={archive.problem ? errorText(archive.problem).title : undefined}>
          <Status {...stateOf(t, archive)} />
        </span>
      ),
      width: 130,
    },
    {
      id: "created",
      header: t("column.created"),
      value: (archive) => archive.created || null,
      render: (archive) => (archive.created === "" ? <Unknown /> : <RelativeTime value={archive.created} />),
      width: 110,
    },
    {
      id: "schema",
      header: t("column.schema"),
      value: (archive) => archive.tenants.join(", ") || null,
      render: (archive) =>
        archive.tenants.length === 0 ? (
          <Unknown />
        ) : (
          <span title={archive.tenants.join(", ")}>{archive.tenants.join(", ")}</span>
        ),
      width: 130,
      grow: 1,
      code: true,
    },
    {
      id: "rows",
      header: t("column.rows"),
      value: (archive) => (archive.problem ? null : archive.rows),
      render: (archive) => <Figure value={archive.problem ? null : archive.rows} />,
      align: "end",
      width: 96,
    },
    {
      id: "size",
      header: t("column.size"),
      value: (archive) => archive.bytes,
      render: (archive) => <Bytes value={archive.bytes} />,
      align: "end",
      width: 78,
    },
    {
      id: "database",
      header: t("column.database"),
      value: (archive) => archive.database || null,
      render: (archive) => <span title={archive.database}>{archive.database}</span>,
      width: 190,
      code: true,
      hidden: true,
    },
    {
      id: "file",
      header: t("column.file"),
      value: (archive) => archive.path,
      render: (archive) => <span title={archive.path}>{archive.path}</span>,
      width: 220,
      code: true,
      hidden: true,
    },
  ];
}
