import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { StructureChange } from "../api/types";
import { useFormat } from "../i18n/format";
import { ChangeName, DirectionStatus } from "./ChangeName";
import classes from "./ChangeTable.module.css";
import {
  absentWord,
  type ChangeGroup,
  directionOf,
  groupChanges,
  markDifference,
  type Piece,
} from "./changes";

type ChangeTableProps = { changes: readonly StructureChange[]; reference: string; tenant: string };

/** Changes with the value of the reference on the left and the tenant's on the right. */
export function ChangeTable({ changes, reference, tenant }: ChangeTableProps) {
  const { t } = useTranslation("structure");
  const format = useFormat();
  const groups = useMemo(() => groupChanges(changes, format.compare), [changes, format]);
  return (
    <table className={classes.table}>
      <caption className="visually-hidden">{t("diff.label", { reference, tenant })}</caption>
      <thead>
        <tr>
          <th scope="col">{t("diff.object")}</th>
          <th scope="col" title={reference}>
            <span className={classes.side}>{t("diff.reference")}</span> <bdi>{reference}</bdi>
          </th>
          <th scope="col" title={tenant}>
            <span className={classes.side}>{t("diff.tenant")}</span> <bdi>{tenant}</bdi>
          </th>
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={group.key}>
          <tr className={classes.group}>
            <th scope="rowgroup" colSpan={3}>
              <GroupName group={group} />{" "}
              <span className={classes.count}>{format.number(group.changes.length)}</span>
            </th>
          </tr>
          {group.changes.map((change) => (
            <ChangeRow
              key={`${change.kind} ${change.parent} ${change.name} ${change.property} ${change.change}`}
              change={change}
            />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function GroupName({ group }: { group: ChangeGroup }) {
  const { t } = useTranslation("structure");
  if (group.section === "relation") return <code>{group.relation}</code>;
  return t(`group.${group.section}`);
}

function ChangeRow({ change }: { change: StructureChange }) {
  const { t } = useTranslation("structure");
  const direction = directionOf(change);
  const [before, after] = useMemo(
    () => markDifference(change.before ?? "", change.after ?? ""),
    [change.before, change.after],
  );
  return (
    <tr>
      <th scope="row">
        <DirectionStatus change={change} />
        <div className={classes.name}>
          <ChangeName change={change} />
        </div>
      </th>
      {direction === "changed" ? (
        <>
          <Value pieces={before} absent={change.before === null ? t(absentWord(change)) : null} />
          <Value pieces={after} absent={change.after === null ? t(absentWord(change)) : null} />
        </>
      ) : (
        <>
          <td data-absent={direction === "added" || undefined}>
            {t(direction === "added" ? "diff.missing" : "diff.present")}
          </td>
          <td data-absent={direction === "removed" || undefined}>
            {t(direction === "added" ? "diff.present" : "diff.missing")}
          </td>
        </>
      )}
    </tr>
  );
}

function Value({ pieces, absent }: { pieces: readonly Piece[]; absent: string | null }) {
  if (absent !== null) return <td data-absent>{absent}</td>;
  return (
    <td>
      <code className={classes.value}>
        {pieces.map((piece) => (piece.marked ? <mark key="marked">{piece.text}</mark> : piece.text))}
      </code>
    </td>
  );
}
