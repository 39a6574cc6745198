import { useTranslation } from "react-i18next";
import type { StructureChange } from "../api/types";
import { Status, type Tone } from "../components/status/Status";
import { type Direction, directionOf } from "./changes";
import classes from "./StructurePage.module.css";

const tones: Record<Direction, Tone> = { added: "info", removed: "bad", changed: "warn" };
const words = { added: "diff.additional", removed: "diff.missing", changed: "diff.changed" } as const;

/** What happened to it, seen from the reference. */
export function DirectionStatus({ change }: { change: StructureChange }) {
  const { t } = useTranslation("structure");
  const direction = directionOf(change);
  return <Status tone={tones[direction]} label={t(words[direction])} />;
}

type ChangeNameProps = {
  change: StructureChange;
  /** With the table it belongs to, where no heading says that. */
  whole?: boolean;
};

/** Which object, and what about it. */
export function ChangeName({ change, whole = false }: ChangeNameProps) {
  const { t } = useTranslation("structure");
  return (
    <>
      <span className={classes.kind}>{t(`kind.${change.kind}`)}</span>{" "}
      {change.name !== "" && (
        <code className={classes.object}>
          {whole && change.parent !== null ? `${change.parent}.${change.name}` : change.name}
        </code>
      )}
      {change.property !== null && (
        <>
          {" · "}
          {t(`property.${change.property}`)}
        </>
      )}
    </>
  );
}
