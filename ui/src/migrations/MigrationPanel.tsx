import { ActionIcon, SegmentedControl, Tooltip } from "@mantine/core";
import { useEventListener } from "@mantine/hooks";
import { IconX } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../components/copy/CopyButton";
import { ErrorView } from "../components/error/ErrorView";
import { SqlView } from "../components/sql/SqlView";
import { Status } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import classes from "./MigrationPanel.module.css";
import { cellStates, countColumn, glyphs, type MatrixColumn, type MatrixRow } from "./matrix";

type MigrationPanelProps = {
  column: MatrixColumn;
  /** The tenant whose cell was opened. */
  row: MatrixRow | null;
  rows: readonly MatrixRow[];
  onClose: () => void;
};

/** One migration: what it is for, what it costs, how to get back, its SQL, and how far the fleet is with it. */
export function MigrationPanel({ column, row, rows, onClose }: MigrationPanelProps) {
  const { t } = useTranslation(["migrations", "common"]);
  const format = useFormat();
  const { migration, version } = column;
  const [side, setSide] = useState<"up" | "down">("up");
  const heading = useRef<HTMLHeadingElement>(null);
  const panel = useEventListener("keydown", (event) => {
    if (event.key === "Escape") onClose();
  });
  const counts = countColumn(rows, version);
  const problem = row?.tenant.problem_version === version ? row.tenant.problem : null;
  const sql = side === "up" ? migration?.up : migration?.down;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was opened is announced, also when it replaces another
  useEffect(() => heading.current?.focus({ preventScroll: true }), [version, row]);

  return (
    <aside ref={panel} className={classes.panel} aria-label={t("migrations:panel.label", { version })}>
      <header className={classes.header}>
        <h2 ref={heading} tabIndex={-1} className={classes.title}>
          <span className={classes.version}>{version}</span> {migration?.description}
        </h2>
        <Tooltip label={t("common:action.close")}>
          <ActionIcon aria-label={t("common:action.close")} onClick={onClose}>
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard */}
      <section className={classes.facts} tabIndex={0} aria-label={t("migrations:panel.facts")}>
        {problem && <ErrorView key={row?.tenant.schema} error={problem} title={row?.tenant.name} />}
        {row && row.tenant.invalid_indexes.length > 0 && (
          <ul className={classes.indexes} aria-label={t("migrations:panel.invalidIndexes")}>
            {row.tenant.invalid_indexes.map(({ name, table, leftover }) => (
              <li key={name}>
                <Status
                  tone="warn"
                  label={t(leftover ? "migrations:panel.leftoverIndex" : "migrations:panel.invalidIndex", {
                    name,
                    table,
                    tenant: row.tenant.name,
                  })}
                />
              </li>
            ))}
          </ul>
        )}
        {row?.tenant.line_endings.includes(version) && (
          <p className={classes.marks}>
            <Status tone="warn" label={t("migrations:panel.lineEndings", { tenant: row.tenant.name })} />
          </p>
        )}
        {!migration && <p className={classes.missing}>{t("migrations:panel.foreign")}</p>}
        {migration && (
          <dl className={classes.list}>
            {(["purpose", "impact", "rollback"] as const).map((header) => (
              <div key={header}>
                <dt>{t(`migrations:panel.${header}`)}</dt>
                <dd data-missing={migration[header] === null || undefined}>
                  {migration[header] ?? t("migrations:panel.notStated")}
                </dd>
              </div>
            ))}
          </dl>
        )}
        {migration && (
          <p className={classes.marks}>
            <Status
              tone={migration.reversible ? "ok" : "warn"}
              label={t(
                migration.reversible ? "migrations:panel.reversible" : "migrations:panel.irreversible",
              )}
            />
            {migration.no_transaction && <Status tone="warn" label={t("migrations:panel.noTransaction")} />}
          </p>
        )}
        <ul className={classes.counts} aria-label={t("migrations:panel.fleet")}>
          {cellStates
            .filter((state) => counts.has(state))
            .map((state) => (
              <li key={state}>
                <span aria-hidden="true">{glyphs[state]}</span> <b>{format.number(counts.get(state) ?? 0)}</b>{" "}
                {t(`migrations:state.${state}`)}
              </li>
            ))}
        </ul>
      </section>
      {migration && (
        <>
          <div className={classes.sqlBar}>
            <SegmentedControl
              aria-label={t("migrations:panel.direction")}
              value={side}
              onChange={(value) => setSide(value === "down" ? "down" : "up")}
              data={[
                { value: "up", label: t("migrations:panel.up") },
                { value: "down", label: t("migrations:panel.down") },
              ]}
            />
            {sql && <CopyButton variant="subtle" text={() => sql} label={t("common:sql.copy")} />}
          </div>
          <div className={classes.sql}>
            {sql ? (
              <SqlView text={sql} label={t(`migrations:panel.${side}`)} />
            ) : (
              <p className={classes.missing}>{t("migrations:panel.noDown")}</p>
            )}
          </div>
        </>
      )}
    </aside>
  );
}
