import { useTranslation } from "react-i18next";
import type { Layer, Profile, ServerInfo, TestReport, TestStep } from "../api/types";
import { isSocket } from "../app/frame/encryption";
import { ErrorView } from "../components/error/ErrorView";
import { Sign, type Tone } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import classes from "./TestResult.module.css";

const layers: readonly Layer[] = ["name", "tcp", "tls", "authentication", "database", "permission"];

type TestResultProps = {
  /** Not there while the test goes on. */
  report: TestReport | null;
  /** What was tested. */
  profile: Profile;
};

/** The layers of a connection one by one: how far it came, where it stopped and why. */
export function TestResult({ report, profile }: TestResultProps) {
  const { t } = useTranslation(["connect", "common"]);
  const format = useFormat();
  const failed = report?.steps.find((step) => step.error !== null);
  const title = !report
    ? t("result.testing")
    : failed
      ? t("result.failed", { layer: t(`layer.${failed.layer}`) })
      : t(report.clear_text ? "result.okClear" : "result.ok");
  const clear = report?.clear_text ?? false;
  /** A layer that says more than what was found there. */
  const remark = (layer: Layer, step: TestStep | undefined): string | null => {
    if (step?.error) return "";
    if (layer === "tls" && clear) return t(step ? "result.notOffered" : "result.off");
    if (step || !report) return null;
    const needless = isSocket(profile.host) && (layer === "name" || layer === "tls");
    return t(needless ? "result.socket" : "result.notTried");
  };
  return (
    <section
      className={classes.result}
      data-ok={report ? report.ok : undefined}
      data-clear={clear || undefined}
      aria-live="polite"
    >
      <h2 className={classes.title}>{title}</h2>
      <ol className={classes.layers}>
        {layers.map((layer) => {
          const step = report?.steps.find((one) => one.layer === layer);
          const warns = layer === "tls" && clear && !step?.error;
          const tone: Tone = !report ? "busy" : warns ? "warn" : !step ? "off" : step.error ? "bad" : "ok";
          const words = remark(layer, step);
          return (
            <li
              key={layer}
              className={classes.layer}
              data-untried={(report && !step && !warns) || undefined}
              data-tone={tone}
            >
              <Sign tone={tone} />
              <span className={classes.name}>{t(`layer.${layer}`)}</span>
              <span className={words === null ? classes.detail : classes.remark}>
                {words ?? step?.detail}
              </span>
              <span className={classes.time}>{step && format.duration(step.duration_ms)}</span>
            </li>
          );
        })}
      </ol>
      {failed?.error && <ErrorView error={failed.error} />}
      {clear && <p className={classes.clear}>{t("common:frame.clearHint", { host: profile.host })}</p>}
      {report?.server && <ServerFacts report={report} server={report.server} />}
    </section>
  );
}

function ServerFacts({ report, server }: { report: TestReport; server: ServerInfo }) {
  const { t } = useTranslation("connect");
  const facts = [
    t("result.server", { version: server.version }),
    report.clear_text ? t("result.clear") : server.tls,
    server.superuser
      ? t("result.superuser")
      : t(server.can_create_schema ? "result.mayCreate" : "result.mayNotCreate"),
    server.standby && t("result.standby"),
    server.pooler && t("result.pooler", { pooler: server.pooler }),
    server.read_only && t("readOnly"),
  ].filter(Boolean);
  return <p className={classes.facts}>{facts.join(" · ")}</p>;
}
