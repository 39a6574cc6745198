import { useTranslation } from "react-i18next";
import type { DoctorCheck, DoctorLevel, DoctorReport } from "../api/types";
import { Sign } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import classes from "./DoctorPage.module.css";
import { checks, checkTitle, levels, tones } from "./words";

type CheckListProps = {
  report: DoctorReport;
  /** Not every check is over. */
  running: boolean;
  chosen: DoctorCheck | null;
  onChoose: (check: DoctorCheck | null) => void;
};

/** Every check with what it has found, and below what was not looked at. Choosing one shows its findings. */
export function CheckList({ report, running, chosen, onChoose }: CheckListProps) {
  const { t } = useTranslation(["health", "common"]);
  const format = useFormat();
  const worst = (check: DoctorCheck): DoctorLevel | undefined =>
    levels.find((level) =>
      report.findings.some((finding) => finding.check === check && finding.level === level),
    );
  const over = new Map(report.checks_run.map((one) => [one.check, one.findings]));
  const left = new Set(report.not_checked.filter((one) => !over.has(one.check)).map((one) => one.check));
  // What was found comes first, once nothing changes its place any more: the rest is there to say that it was looked at.
  const shown = running
    ? checks.filter((check) => !left.has(check))
    : report.checks_run
        .map((one) => one.check)
        .sort((a, b) => Number((over.get(b) ?? 0) > 0) - Number((over.get(a) ?? 0) > 0));
  return (
    <nav className={classes.checks} aria-label={t("health:checkList")}>
      <ul>
        <li>
          <button type="button" aria-pressed={chosen === null} onClick={() => onChoose(null)}>
            <span className={classes.checkName}>{t("health:all")}</span>
            <span className={classes.count}>{format.number(report.findings.length)}</span>
          </button>
        </li>
        {shown.map((check) => {
          const level = worst(check);
          const findings = over.get(check);
          return (
            <li key={check}>
              <button
                type="button"
                aria-pressed={chosen === check}
                data-quiet={!findings || undefined}
                onClick={() => onChoose(check)}
              >
                <Sign tone={findings === undefined ? "busy" : level ? tones[level] : "ok"} />
                <span className={classes.checkName}>
                  {level && <span className="visually-hidden">{t(`health:level.${level}`)} – </span>}
                  {checkTitle(t, check)}
                </span>
                <span className={classes.count}>
                  {findings === undefined ? (
                    <span className="visually-hidden">{t("health:goesOn")}</span>
                  ) : (
                    format.number(findings)
                  )}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {report.not_checked.length > 0 && (
        <div className={classes.notChecked}>
          <h2>{t("health:notChecked.title")}</h2>
          <NotChecked report={report} />
        </div>
      )}
    </nav>
  );
}

/** What was not looked at, and why. */
export function NotChecked({ report }: { report: DoctorReport }) {
  const { t } = useTranslation(["health", "common"]);
  const look = t as unknown as (key: string, options: object) => string;
  return (
    <ul>
      {report.not_checked.map(({ check, reason, objects, message }) => (
        <li key={`${check} ${reason}`}>
          <b>{checkTitle(t, check)}</b>
          {objects !== null && ` (${t("health:notChecked.objects", { count: objects })})`}{" "}
          {look(`health:notChecked.${reason}`, { defaultValue: message })}
        </li>
      ))}
    </ul>
  );
}
