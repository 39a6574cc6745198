import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { StructureComparison } from "../api/types";
import { CopyButton } from "../components/copy/CopyButton";
import { SqlView } from "../components/sql/SqlView";
import { Sign, type Tone } from "../components/status/Status";
import { ChangeName } from "./ChangeName";
import classes from "./StructurePage.module.css";

/** More of a sort stand in the SQL and in the list of differences. */
const shown = 5;

type RepairViewProps = { comparison: StructureComparison; reference: string; tenant: string };

/** The SQL that makes a tenant like the reference, after what one has to know before running it. */
export function RepairView({ comparison, reference, tenant }: RepairViewProps) {
  const { t } = useTranslation("structure");
  const { sql, statements, destructive, rewrites, unrepaired } = comparison;
  const harmless = statements > 0 && destructive.length + rewrites.length === 0;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard */}
      <section className={classes.notes} tabIndex={0} aria-label={t("diff.repair")}>
        {statements > 0 && (
          <p className={classes.intro}>
            <b>{t("repair.intro", { reference, tenant })}</b> {t("repair.outside")}
          </p>
        )}
        <ul className={classes.noteList}>
          {harmless && <Note tone="ok" text={t("repair.harmless")} />}
          {destructive.length > 0 && (
            <Note tone="bad" text={t("repair.destructive", { count: destructive.length })}>
              <Some of={destructive}>{(step) => <code key={step.sql}>{firstLine(step.sql)}</code>}</Some>
            </Note>
          )}
          {rewrites.length > 0 && (
            <Note tone="warn" text={t("repair.rewrites", { count: rewrites.length })}>
              <Some of={rewrites}>{(step) => <code key={step.sql}>{firstLine(step.sql)}</code>}</Some>
            </Note>
          )}
          {unrepaired.length > 0 && (
            <Note tone="info" text={t("repair.left", { count: unrepaired.length })}>
              <Some of={unrepaired}>
                {(change) => (
                  <span key={`${change.kind} ${change.parent} ${change.name} ${change.property}`}>
                    <ChangeName change={change} whole />
                  </span>
                )}
              </Some>
            </Note>
          )}
        </ul>
      </section>
      {statements === 0 ? (
        <p className={classes.nothing}>{t("repair.nothing")}</p>
      ) : (
        <>
          <div className={classes.bar}>
            <span className={classes.dim}>{t("repair.statements", { count: statements })}</span>
            <span className={classes.space} />
            <CopyButton text={() => sql} label={t("repair.copy")} />
          </div>
          <div className={classes.sql}>
            <SqlView text={sql.trimEnd()} label={t("repair.label", { reference, tenant })} />
          </div>
        </>
      )}
    </>
  );
}

const firstLine = (sql: string) => (sql.includes("\n") ? `${sql.slice(0, sql.indexOf("\n"))} …` : sql);

function Note({ tone, text, children }: { tone: Tone; text: string; children?: ReactNode }) {
  return (
    <li>
      <Sign tone={tone} />
      <div>
        {text}
        {children}
      </div>
    </li>
  );
}

function Some<T>({ of, children }: { of: readonly T[]; children: (one: T) => ReactNode }) {
  const { t } = useTranslation("structure");
  const more = of.length - shown;
  return (
    <div className={classes.noteParts}>
      {of.slice(0, shown).map(children)}
      {more > 0 && <span className={classes.dim}>{t("repair.andMore", { count: more })}</span>}
    </div>
  );
}
