import { useTranslation } from "react-i18next";
import type { RunSummary } from "../api/types";
import { useFormat } from "../i18n/format";
import classes from "./DroppedResult.module.css";
import { useDropped } from "./useDropped";

/** After a drop, on the run's page and in the dock: where the backup is, and where the tenant. */
export function DroppedResult({ summary }: { summary: RunSummary }) {
  const { t } = useTranslation("quarantine");
  const format = useFormat();
  const dropped = useDropped(summary);
  if (!dropped) return null;
  const { backup, result, tenant } = dropped;
  return (
    <dl className={classes.result}>
      <div>
        <dt>{t("result.backup")}</dt>
        <dd>
          <code>{backup}</code>
          {result && (
            <span className={classes.dim}>
              {t("result.figures", {
                count: result.tables,
                rows: format.number(result.rows),
                size: format.bytes(result.bytes),
              })}
            </span>
          )}
        </dd>
      </div>
      {(result?.archive ?? tenant?.archive) && (
        <div>
          <dt>{t("result.archive")}</dt>
          <dd>
            <code>{result?.archive ?? tenant?.archive}</code>
          </dd>
        </div>
      )}
      <div>
        <dt>{t("result.quarantine")}</dt>
        <dd>{tenant ? <code>{tenant.schema}</code> : tenant === null && t("result.left")}</dd>
      </div>
    </dl>
  );
}
