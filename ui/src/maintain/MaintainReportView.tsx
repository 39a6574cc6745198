import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { maintainReportQueryOptions } from "../api/maintain";
import type { IntegrityFinding, MaintainedTable, MaintainReport } from "../api/types";
import { CopyButton } from "../components/copy/CopyButton";
import { ErrorView } from "../components/error/ErrorView";
import { Bytes, Figure } from "../components/figures/Figure";
import { Sign, type Tone } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import classes from "./Maintain.module.css";
import { findingText, notLookedAtText, reasonText } from "./words";

type MaintainReportViewProps = {
  run: string;
  schema: string;
  /** How far the tenant is: more may have been done since. */
  state: string;
};

/** What became of a tenant's tables, with figures of before and after; what a check has found there. */
export function MaintainReportView({ run, schema, state }: MaintainReportViewProps) {
  const { t } = useTranslation("maintain");
  const { data: report, error, refetch } = useQuery(maintainReportQueryOptions(run, schema, state));
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} plain />;
  if (report === undefined) return null;
  if (report === null) return <p className={classes.dim}>{t("report.none")}</p>;
  return report.work === "check" ? <Findings report={report} /> : <Tables report={report} />;
}

function Tables({ report }: { report: MaintainReport }) {
  const { t } = useTranslation("maintain");
  const indexes = report.work === "reindex";
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls has to be reached by the keyboard
    <section className={classes.report} aria-label={t("report.title")} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t("report.table")}</th>
            <th scope="col">{t(indexes ? "report.indexes" : "report.deadRows")}</th>
            <th scope="col">{t("report.size")}</th>
          </tr>
        </thead>
        <tbody>
          {report.tables.map((table) => (
            <TableRow key={table.table} table={table} indexes={indexes} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function TableRow({ table, indexes }: { table: MaintainedTable; indexes: boolean }) {
  const { t } = useTranslation("maintain");
  const format = useFormat();
  const { before, after } = table;
  const size = (one: typeof before) => (indexes ? one.index_bytes : one.size_bytes);
  const tone: Tone = !table.done ? "bad" : table.reason ? "warn" : "ok";
  return (
    <tr>
      <th scope="row">
        <Sign tone={tone} /> <bdi>{table.table}</bdi>
        {table.reason && <span className={classes.why}>{reasonText(t, format, table.reason)}</span>}
      </th>
      <td>
        {indexes ? (
          <Figure value={table.indexes} />
        ) : (
          <>
            <Figure value={before.dead_rows} />
            {after && (
              <>
                {" → "}
                <Figure value={after.dead_rows} />
              </>
            )}
          </>
        )}
      </td>
      <td>
        <Bytes value={size(before)} />
        {after && (
          <>
            {" → "}
            <Bytes value={size(after)} />
          </>
        )}
      </td>
    </tr>
  );
}

const tones: Record<IntegrityFinding["level"], Tone> = { error: "bad", warning: "warn", note: "info" };

function Findings({ report }: { report: MaintainReport }) {
  const { t } = useTranslation("maintain");
  const { looked_at: looked } = report;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls has to be reached by the keyboard
    <section className={classes.report} aria-label={t("report.findings")} tabIndex={0}>
      {report.findings.length === 0 && (
        <p>
          <Sign tone={report.not_looked_at.length > 0 ? "info" : "ok"} /> {t("report.nothing")}
        </p>
      )}
      <ul className={classes.findings}>
        {report.findings.map((finding) => (
          <FindingItem key={`${finding.code} ${finding.object}`} finding={finding} />
        ))}
      </ul>
      <p className={classes.dim}>
        {t("report.lookedAt", {
          tables: looked.tables,
          indexes: looked.indexes,
          keys: looked.keys,
        })}
      </p>
      {report.not_looked_at.length > 0 && (
        <>
          <h4>{t("report.notLookedAt")}</h4>
          <ul className={classes.left}>
            {report.not_looked_at.map((one) => (
              <li key={`${one.check} ${one.reason}`}>{notLookedAtText(t, one)}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function FindingItem({ finding }: { finding: IntegrityFinding }) {
  const { t } = useTranslation("maintain");
  const format = useFormat();
  const fix = finding.fix_sql;
  return (
    <li>
      <p>
        <Sign tone={tones[finding.level]} /> {findingText(t, format, finding)}
      </p>
      {finding.detail !== null && <pre>{finding.detail}</pre>}
      {fix !== null && (
        <>
          <pre>{fix}</pre>
          <CopyButton variant="subtle" text={() => fix} label={t("report.copyFix")} />
        </>
      )}
    </li>
  );
}
