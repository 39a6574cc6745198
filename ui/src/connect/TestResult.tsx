import { useTranslation } from "react-i18next";
import type { Layer, ServerInfo, TestReport } from "../api/types";
import { ErrorView } from "../components/error/ErrorView";
import { Sign } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import classes from "./TestResult.module.css";

const layers: readonly Layer[] = ["name", "tcp", "tls", "authentication", "database", "permission"];

/** The layers of a connection one by one: how far it came, where it stopped and why. */
export function TestResult({ report }: { report: TestReport | null }) {
  const { t } = useTranslation("connect");
  const format = useFormat();
  const failed = report?.steps.find((step) => step.error !== null);
  const title = !report
    ? t("result.testing")
    : failed
      ? t("result.failed", { layer: t(`layer.${failed.layer}`) })
      : t("result.ok");
  return (
    <section className={classes.result} data-ok={report ? report.ok : undefined} aria-live="polite">
      <h2 className={classes.title}>{title}</h2>
      <ol className={classes.layers}>
        {layers.map((layer) => {
          const step = report?.steps.find((one) => one.layer === layer);
          return (
            <li key={layer} className={classes.layer} data-untried={(report && !step) || undefined}>
              <Sign tone={!report ? "busy" : !step ? "off" : step.error ? "bad" : "ok"} />
              <span className={classes.name}>{t(`layer.${layer}`)}</span>
              <span className={classes.detail}>
                {step ? (step.error ? "" : step.detail) : report ? t("result.notTried") : ""}
              </span>
              <span className={classes.time}>{step && format.duration(step.duration_ms)}</span>
            </li>
          );
        })}
      </ol>
      {failed?.error && <ErrorView error={failed.error} />}
      {report?.server && <ServerFacts server={report.server} />}
    </section>
  );
}

function ServerFacts({ server }: { server: ServerInfo }) {
  const { t } = useTranslation("connect");
  const facts = [
    t("result.server", { version: server.version }),
    server.tls ?? t("result.clear"),
    server.superuser
      ? t("result.superuser")
      : t(server.can_create_schema ? "result.mayCreate" : "result.mayNotCreate"),
    server.standby && t("result.standby"),
    server.pooler && t("result.pooler", { pooler: server.pooler }),
    server.read_only && t("readOnly"),
  ].filter(Boolean);
  return <p className={classes.facts}>{facts.join(" · ")}</p>;
}
