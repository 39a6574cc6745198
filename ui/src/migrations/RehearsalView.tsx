import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/error";
import type { Rehearsal } from "../api/types";
import { ErrorView } from "../components/error/ErrorView";
import { PlanChecks } from "../components/plan/PlanChecks";
import { useFormat } from "../i18n/format";
import classes from "./RehearsalView.module.css";
import { RehearsedClassView } from "./RehearsedClassView";

type RehearsalViewProps = {
  running: boolean;
  rehearsal: Rehearsal | undefined;
  error: ApiError | null;
  onRetry: () => void;
};

/** What trying a plan out has shown, class by class; nothing before it was tried. */
export function RehearsalView({ running, rehearsal, error, onRetry }: RehearsalViewProps) {
  const { t } = useTranslation("rehearsal");
  const format = useFormat();
  if (!running && !rehearsal && !error) return null;
  return (
    <section className={classes.rehearsal} aria-label={t("title")} aria-busy={running}>
      <h2>
        {t("title")}
        {rehearsal && (
          <span className={classes.of}>
            {t("took", { duration: format.duration(rehearsal.duration_ms) })}
          </span>
        )}
      </h2>
      {running && (
        <div role="status">
          <p className={classes.of}>{t("running")}</p>
          <Skeleton height={11} width="60%" />
        </div>
      )}
      {error && !running && <ErrorView error={error} onRetry={onRetry} />}
      {rehearsal && !running && (
        <div role="status">
          <ul className={classes.classes}>
            {rehearsal.classes.map((one, index) => (
              <RehearsedClassView key={one.representative} rehearsed={one} opened={index === 0} />
            ))}
          </ul>
          <PlanChecks checks={rehearsal.notes} />
        </div>
      )}
    </section>
  );
}
