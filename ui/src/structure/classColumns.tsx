import type { TFunction } from "i18next";
import { Figure, Percent, Unknown } from "../components/figures/Figure";
import type { GridColumn } from "../components/grid/columns";
import { Status } from "../components/status/Status";
import type { Format } from "../i18n/format";
import { shortVersion } from "../migrations/version";
import { type ClassRow, shortFingerprint } from "./classes";
import classes from "./StructurePage.module.css";

type Translate = TFunction<["structure", "common"]>;

/** Names of a class that a line has room for. */
const namesShown = 3;
/** Versions that a cell has room for; the class's panel has them all. */
const versionsShown = 3;

export function versionText(t: Translate, version: number | null): string {
  return version === null ? t("structure:classes.noVersion") : shortVersion(version);
}

export function versionsText(
  t: Translate,
  format: Format,
  row: ClassRow,
  most = Number.POSITIVE_INFINITY,
): string {
  const [only] = row.versions;
  if (row.versions.length === 1 && only) return versionText(t, only[0]);
  const texts = row.versions
    .slice(0, most)
    .map(([version, count]) => `${versionText(t, version)} × ${format.number(count)}`);
  return row.versions.length > most ? `${texts.join(", ")}, …` : texts.join(", ");
}

const who = (t: Translate, row: ClassRow) => {
  const names = row.members
    .slice(0, namesShown)
    .map((member) => member.name)
    .join(", ");
  const more = row.members.length - namesShown;
  return more > 0 ? t("structure:classes.more", { names, count: more }) : names;
};

/** The columns of the list of classes; where there is little room, only what tells them apart. */
export function classColumns(t: Translate, format: Format, narrow: boolean): GridColumn<ClassRow>[] {
  const columns: GridColumn<ClassRow>[] = [
    {
      id: "name",
      header: t("structure:classes.name"),
      // As many letters as names: "AA" comes after "Z".
      value: (row) => row.name.padStart(4),
      text: (row) => row.name,
      render: (row) => (
        <span className={classes.className} title={row.fingerprint}>
          <b>{row.name}</b> <code>{shortFingerprint(row.fingerprint)}</code>
        </span>
      ),
      width: 116,
      hideable: false,
      opens: true,
    },
    {
      id: "differences",
      header: t("structure:classes.differences"),
      value: (row) => (row.reference ? -1 : row.differences),
      text: (row) =>
        row.reference
          ? t("structure:classes.reference")
          : String(row.differences ?? t("structure:classes.notCounted")),
      render: (row) =>
        row.reference ? (
          <Status tone="ok" label={t("structure:classes.reference")} />
        ) : row.differences === null ? (
          <Unknown hint={t("structure:classes.notCounted")} />
        ) : (
          <Figure value={row.differences} />
        ),
      align: "end",
      width: 104,
    },
    {
      id: "tenants",
      header: t("structure:classes.tenants"),
      value: (row) => row.members.length,
      render: (row) => <Figure value={row.members.length} />,
      align: "end",
      width: 80,
    },
    {
      id: "share",
      header: t("structure:classes.part"),
      value: (row) => row.share,
      text: (row) => format.percent(row.share),
      render: (row) => <Percent value={row.share} />,
      align: "end",
      width: 80,
    },
    {
      id: "versions",
      header: t("structure:classes.versions"),
      value: (row) => versionsText(t, format, row),
      render: (row) => (
        <span className="tabular" title={versionsText(t, format, row)}>
          {versionsText(t, format, row, versionsShown)}
        </span>
      ),
      width: 150,
    },
    {
      id: "who",
      header: t("structure:classes.who"),
      value: (row) => who(t, row),
      render: (row) => <bdi title={who(t, row)}>{who(t, row)}</bdi>,
      width: 200,
      grow: 1,
      sortable: false,
    },
  ];
  return narrow ? columns.filter((column) => column.id !== "who" && column.id !== "share") : columns;
}
