import type { TFunction } from "i18next";
import type { RunKind } from "../api/types";
import { errorText } from "../components/error/errorText";
import { Bytes, Figure, Unknown } from "../components/figures/Figure";
import type { GridColumn } from "../components/grid/columns";
import { Status } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import { outcomeWords } from "../maintain/words";
import { shortVersion } from "../migrations/version";
import { isMigration } from "./followUp";
import { type OutcomeRow, states, tones, type WrittenFile } from "./outcomes";
import classes from "./RunPanel.module.css";

type Translate = TFunction<["runs", "common"]>;

/** The columns of a run's list; an export also tells what it wrote, a migration what it took. */
export function outcomeColumns(t: Translate, kind: RunKind): GridColumn<OutcomeRow>[] {
  const moved: GridColumn<OutcomeRow>[] = [
    {
      id: "waited",
      header: t("runs:column.waited"),
      value: (row) => row.waited,
      text: (row) => (row.waited === null ? "" : String(row.waited)),
      render: (row) => (row.waited ? <Duration value={row.waited} /> : <Unknown />),
      align: "end",
      width: 76,
    },
    {
      id: "attempts",
      header: t("runs:column.attempts"),
      value: (row) => row.attempts,
      render: (row) => <Figure value={row.attempts} />,
      align: "end",
      width: 64,
    },
    {
      id: "versions",
      header: t("runs:column.versions"),
      value: (row) => row.versions.join(", ") || null,
      render: (row) =>
        row.versions.length === 0 ? (
          <Unknown />
        ) : (
          <span title={row.versions.join(", ")}>{row.versions.map(shortVersion).join(", ")}</span>
        ),
      width: 96,
    },
  ];
  const written: GridColumn<OutcomeRow>[] = [
    {
      id: "rows",
      header: t("runs:column.rows"),
      value: (row) => row.file?.rows ?? null,
      render: (row) => <Figure value={row.file?.rows ?? null} />,
      align: "end",
      width: 96,
    },
    {
      id: "size",
      header: t("runs:column.size"),
      value: (row) => row.file?.bytes ?? null,
      render: (row) => <Bytes value={row.file?.bytes ?? null} />,
      align: "end",
      width: 86,
    },
    {
      id: "verified",
      header: t("runs:column.verified"),
      value: (row) => row.file && verifiedWord(t, row.file),
      render: (row) =>
        row.file ? (
          <Status tone={row.file.verified ? "ok" : "warn"} label={verifiedWord(t, row.file)} />
        ) : (
          <Unknown />
        ),
      width: 104,
    },
  ];
  return [
    {
      id: "outcome",
      header: t("runs:column.outcome"),
      // By gravity, not by the alphabet.
      value: (row) => states.indexOf(row.state),
      text: (row) => t(`common:state.${row.state}`),
      render: (row) => <Status tone={tones[row.state]} label={t(`common:state.${row.state}`)} />,
      width: 118,
    },
    {
      id: "name",
      header: t("runs:column.tenant"),
      value: (row) => row.name,
      render: (row) => <bdi title={row.name}>{row.name}</bdi>,
      width: 170,
      grow: 1,
      hideable: false,
      opens: true,
    },
    {
      id: "schema",
      header: t("runs:column.schema"),
      value: (row) => row.schema,
      render: (row) => <span title={row.schema}>{row.schema}</span>,
      width: 150,
      code: true,
    },
    {
      id: "duration",
      header: t("runs:column.duration"),
      value: (row) => row.duration,
      text: (row) => (row.duration === null ? "" : String(row.duration)),
      render: (row) => (row.duration === null ? <Unknown /> : <Duration value={row.duration} />),
      align: "end",
      width: 84,
    },
    ...(writes(kind) ? written : []),
    ...(isMigration(kind) ? moved : []),
    {
      id: "what",
      header: t(writes(kind) ? "runs:column.file" : "runs:column.what"),
      value: (row) => whatText(t, row),
      render: (row) => <What row={row} text={whatText(t, row)} />,
      width: 240,
      grow: 3,
    },
  ];
}

/** Each of its tenants becomes a file. */
export const writes = (kind: RunKind) => kind === "export" || kind === "backup";

export const verifiedWord = (t: Translate, file: WrittenFile) =>
  t(file.verified ? "runs:file.verified" : "runs:file.notVerified");

function Duration({ value }: { value: number }) {
  const format = useFormat();
  return <>{format.duration(value)}</>;
}

/** Why it failed and what to do, or what was made. */
function whatText(t: Translate, row: OutcomeRow): string {
  if (row.error) {
    const { title, hint } = errorText(row.error);
    return hint && row.state === "failed" ? `${title} ${hint}` : title;
  }
  if (row.file) return row.file.path;
  const maintained = row.detail === null ? null : outcomeWords(row.detail);
  if (maintained) {
    const { key, ...figures } = maintained;
    return t(`runs:maintained.${key}`, figures);
  }
  // The column of versions says it.
  if (row.detail === null || row.versions.length > 0) return "";
  const restored = /^(?<tables>\d+) tables, (?<rows>\d+) rows$/.exec(row.detail)?.groups;
  if (restored) return t("runs:restored", { count: Number(restored.tables), rows: Number(restored.rows) });
  return /^[\d–, -]+$/.test(row.detail) ? t("runs:versions", { versions: row.detail }) : row.detail;
}

function What({ row, text }: { row: OutcomeRow; text: string }) {
  if (row.file) {
    return (
      <code title={text} className={classes.path}>
        <bdi>{text}</bdi>
      </code>
    );
  }
  return (
    <span title={text} data-failed={row.state === "failed" || undefined} className={classes.what}>
      {text}
    </span>
  );
}
