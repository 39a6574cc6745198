import { Button } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useCancelRun, useGoOnRun } from "../api/runs";
import type { CanaryReport, RunProgress } from "../api/types";
import { Sign } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import classes from "./CanaryVerdict.module.css";

type CanaryVerdictProps = { progress: RunProgress; report: CanaryReport };

/** How the canaries fared, and the question whether the others begin. */
export function CanaryVerdict({ progress, report }: CanaryVerdictProps) {
  const { t } = useTranslation("runs");
  const format = useFormat();
  const goOn = useGoOnRun();
  const cancel = useCancelRun();
  const heading = useId();
  const others = progress.canary_turns?.others ?? progress.total - progress.ended;
  const failed = report.failed > 0;
  const decided = goOn.isPending || cancel.isPending;
  const facts = [
    ["tenants", format.number(report.tenants)],
    ["failed", failed ? format.number(report.failed) : t("verdict.none")],
    ["slowest", format.duration(report.slowest_ms)],
    ["waited", report.waited_ms > 0 ? format.duration(report.waited_ms) : t("verdict.nothing")],
    ["retried", report.retried > 0 ? format.number(report.retried) : t("verdict.none")],
  ] as const;
  return (
    <section className={classes.verdict} aria-labelledby={heading}>
      <div className={classes.says} role="status">
        <h2 id={heading} className={classes.title}>
          <Sign tone={failed ? "bad" : "ok"} />
          {failed ? t("verdict.bad", { count: report.failed }) : t("verdict.good", { count: report.tenants })}
        </h2>
        <p className={classes.waiting}>{t("verdict.waiting")}</p>
      </div>
      <dl className={classes.facts}>
        {facts.map(([fact, value]) => (
          <div key={fact} data-bad={(fact === "failed" && failed) || undefined}>
            <dt>{t(`verdict.${fact}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className={classes.buttons}>
        <Button
          variant={failed ? "default" : "filled"}
          disabled={decided}
          onClick={() => goOn.mutate(progress.run)}
        >
          {t("verdict.goOn", { count: others })}
        </Button>
        <Button
          variant={failed ? "filled" : "default"}
          disabled={decided}
          onClick={() => cancel.mutate(progress.run)}
        >
          {t("verdict.stop")}
        </Button>
      </div>
    </section>
  );
}
