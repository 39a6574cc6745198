import { useTranslation } from "react-i18next";
import type { DoctorCheck, DoctorLevel, DoctorReport } from "../api/types";
import { Sign } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import classes from "./DoctorPage.module.css";
import { checkTitle, levels, tones } from "./words";

type CheckListProps = {
  report: DoctorReport;
  chosen: DoctorCheck | null;
  onChoose: (check: DoctorCheck | null) => void;
};

/** Every check that was run with what it has found, and below what was not looked at. Choosing one shows its findings. */
export function CheckList({ report, chosen, onChoose }: CheckListProps) {
  const { t } = useTranslation(["health", "common"]);
  const format = useFormat();
  const worst = (check: DoctorCheck): DoctorLevel | undefined =>
    levels.find((level) =>
      report.findings.some((finding) => finding.check === check && finding.level === level),
    );
  // What was found comes first: the rest is only there to say that it was looked at.
  const checks = [...report.checks_run].sort((a, b) => Number(b.findings > 0) - Number(a.findings > 0));
  return (
    <nav className={classes.checks} aria-label={t("health:checkList")}>
      <ul>
        <li>
          <button type="button" aria-pressed={chosen === null} onClick={() => onChoose(null)}>
            <span className={classes.checkName}>{t("health:all")}</span>
            <span className={classes.count}>{format.number(report.findings.length)}</span>
          </button>
        </li>
        {checks.map(({ check, findings }) => {
          const level = worst(check);
          return (
            <li key={check}>
              <button
                type="button"
                aria-pressed={chosen === check}
                data-quiet={findings === 0 || undefined}
                onClick={() => onChoose(check)}
              >
                <Sign tone={level ? tones[level] : "ok"} />
                <span className={classes.checkName}>
                  {level && <span className="visually-hidden">{t(`health:level.${level}`)} – </span>}
                  {checkTitle(t, check)}
                </span>
                <span className={classes.count}>{format.number(findings)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {report.not_checked.length > 0 && (
        <div className={classes.notChecked}>
          <h3>{t("health:notChecked.title")}</h3>
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
