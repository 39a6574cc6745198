import { Button, Collapse } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { RehearsedClass, StructureChange, WireError } from "../api/types";
import { useErrorText } from "../components/error/errorText";
import { PlanChecks } from "../components/plan/PlanChecks";
import { Status, type Tone } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import { ChangeName } from "../structure/ChangeName";
import classes from "./RehearsalView.module.css";

const tones: Record<RehearsedClass["verdict"], Tone> = {
  passed: "ok",
  no_way_back: "warn",
  failed: "bad",
  not_rehearsed: "off",
};
const shown = 5;

/** One class of tenants: its verdict in a line, and what led to it. */
export function RehearsedClassView({ rehearsed, opened }: { rehearsed: RehearsedClass; opened: boolean }) {
  const { t } = useTranslation(["rehearsal", "plan", "errors"]);
  const bad = rehearsed.verdict !== "passed";
  const [open, { toggle }] = useDisclosure(opened || bad);
  const count = rehearsed.members.length;
  return (
    <li className={classes.class}>
      <div className={classes.heading}>
        <Status tone={tones[rehearsed.verdict]} label={t(`rehearsal:verdict.${rehearsed.verdict}`)} />
        <b>{t("plan:tenants", { count })}</b>
        <span className={classes.names}>
          {rehearsed.members.slice(0, shown).join(", ")}
          {count > shown && ` ${t("plan:andMore", { count: count - shown })}`}
        </span>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          aria-expanded={open}
          onClick={toggle}
          leftSection={<IconChevronRight className={classes.chevron} data-opened={open} size={14} />}
        >
          {t("errors:heading.details")}
        </Button>
      </div>
      {rehearsed.error && <Failure error={rehearsed.error} />}
      <Collapse expanded={open}>
        <div className={classes.parts}>
          <Files rehearsed={rehearsed} />
          <Changes changes={rehearsed.changes} title={t("rehearsal:changes")} />
          <Locks rehearsed={rehearsed} />
          <WayBack rehearsed={rehearsed} />
        </div>
        {rehearsed.notes.length > 0 && <PlanChecks checks={rehearsed.notes} />}
      </Collapse>
    </li>
  );
}

function Failure({ error }: { error: WireError }) {
  const { title } = useErrorText(error);
  return (
    <p className={classes.failure} role="alert">
      {title}
      {error.detail && <span className={classes.of}>{error.detail}</span>}
    </p>
  );
}

function Files({ rehearsed }: { rehearsed: RehearsedClass }) {
  const { t } = useTranslation("rehearsal");
  const format = useFormat();
  if (rehearsed.files.length === 0) return null;
  return (
    <div>
      <h3>{t("files")}</h3>
      <ul>
        {rehearsed.files.map((file) => (
          <li key={`${file.direction} ${file.file}`}>
            <code>{file.file}</code>
            <span className={classes.of}>
              {file.outcome === "applied" ? format.duration(file.duration_ms) : t(`file.${file.outcome}`)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Changes({ changes, title }: { changes: readonly StructureChange[]; title: string }) {
  const { t } = useTranslation("rehearsal");
  if (changes.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {changes.map((change) => (
          <li key={`${change.kind} ${change.parent} ${change.name} ${change.property} ${change.change}`}>
            {t(`change.${changeOf(change)}`)} <ChangeName change={change} whole />
          </li>
        ))}
      </ul>
    </div>
  );
}

const changeOf = ({ change }: StructureChange) =>
  change === "added" || change === "removed" ? change : "changed";

function Locks({ rehearsed }: { rehearsed: RehearsedClass }) {
  const { t } = useTranslation("rehearsal");
  if (rehearsed.verdict === "not_rehearsed") return null;
  return (
    <div>
      <h3>{t("locks")}</h3>
      {rehearsed.locks.length === 0 ? (
        <p className={classes.of}>{t("noLocks")}</p>
      ) : (
        <ul>
          {rehearsed.locks.map((lock) => (
            <li key={lock.relation}>
              <code>{lock.relation}</code> <span className={classes.mode}>{lock.mode}</span>
              <span className={classes.of}>
                {t(`stops.${lock.stops}`)} ·{" "}
                {lock.line === null ? lock.file : t("place", { file: lock.file, line: lock.line })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function WayBack({ rehearsed: { way_back: way, verdict } }: { rehearsed: RehearsedClass }) {
  const { t } = useTranslation("rehearsal");
  if (verdict === "not_rehearsed" || way.outcome === "not_tried") return null;
  return (
    <div>
      <h3>{t("wayBack")}</h3>
      <p className={way.outcome === "restored" ? classes.of : undefined}>{t(`back.${way.outcome}`)}</p>
      {way.error && <Failure error={way.error} />}
      <Changes changes={way.changes} title={t("differs")} />
    </div>
  );
}
