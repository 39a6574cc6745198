import { Button, Progress } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/error";
import { isCode } from "../api/error";
import type { WorkbookCard, WorkbookCheck } from "../api/types";
import { checkProgressQueryOptions, checkRead, useCancelRead } from "../api/workbooks";
import { ErrorView } from "../components/error/ErrorView";
import { RelativeTime } from "../components/figures/RelativeTime";
import { Sign, type Tone } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import { FindingList } from "./FindingList";
import { findingsOf, hasStructure, type Verdict, verdictOf } from "./findings";
import classes from "./VerdictView.module.css";

const tones: Record<Verdict, Tone> = { intact: "ok", saved: "warn", changed: "bad", damaged: "bad" };

type VerdictViewProps = { card: WorkbookCard; check: UseQueryResult<WorkbookCheck, ApiError> };

/** Whether a workbook is what was written: not yet known, being found out, or the verdict in words. */
export function VerdictView({ card, check }: VerdictViewProps) {
  const { t } = useTranslation(["backups", "common"]);
  const failed = check.error && !isCode(check.error, "cancelled") && !check.isFetching ? check.error : null;
  const verdict = check.data && !failed ? verdictOf(check.data) : null;
  const verify = (
    <Button
      variant={verdict === null ? "filled" : "default"}
      leftSection={<IconShieldCheck size={15} />}
      onClick={() => void check.refetch()}
    >
      {t(verdict === null ? "backups:verify.start" : "backups:verify.again")}
    </Button>
  );
  if (check.isFetching) return <Reading card={card} />;
  if (failed) {
    return (
      <div className={classes.failure}>
        <ErrorView error={failed} title={t("backups:verify.failed")} onRetry={() => void check.refetch()} />
      </div>
    );
  }
  return (
    <section
      className={classes.verdict}
      data-tone={verdict ? tones[verdict] : undefined}
      aria-label={t("backups:verify.label")}
    >
      <div className={classes.line}>
        <div className={classes.words} role="status">
          {verdict === null ? (
            <p className={classes.text}>
              {t(card.saved_by_another_program ? "backups:verify.savedNotYet" : "backups:verify.notYet")}
            </p>
          ) : (
            <>
              <p className={classes.title}>
                <Sign tone={tones[verdict]} />
                {t(`backups:verdict.${verdict}.title`)}
              </p>
              <p className={classes.text}>
                {t(
                  verdict === "damaged" && check.data && !hasStructure(check.data)
                    ? "backups:verdict.damaged.noStructure"
                    : `backups:verdict.${verdict}.text`,
                )}
              </p>
            </>
          )}
        </div>
        <span className={classes.side}>
          {check.data && <RelativeTime value={new Date(check.dataUpdatedAt).toISOString()} />}
          {verify}
        </span>
      </div>
      {check.data && <FindingList findings={findingsOf(check.data)} />}
    </section>
  );
}

function Reading({ card }: { card: WorkbookCard }) {
  const { t } = useTranslation(["backups", "common"]);
  const format = useFormat();
  const { data: read = 0 } = useQuery(checkProgressQueryOptions(card.path));
  const cancel = useCancelRead();
  const rows = card.tables.reduce((sum, table) => sum + table.rows, 0);
  const share = rows === 0 ? 0 : Math.min(100, (100 * read) / rows);
  return (
    <section className={classes.verdict} aria-label={t("backups:verify.label")}>
      <div className={classes.line}>
        <div className={classes.words}>
          <p className={classes.text} role="status">
            {t("backups:verify.reading")}
          </p>
          <Progress value={share} size="sm" aria-label={t("backups:verify.progress")} />
          <p className={classes.figures}>
            {t("backups:verify.rows", { read: format.number(read), rows: format.number(rows) })}
          </p>
        </div>
        <Button loading={cancel.isPending} onClick={() => cancel.mutate(checkRead)}>
          {t("common:action.cancel")}
        </Button>
      </div>
    </section>
  );
}
