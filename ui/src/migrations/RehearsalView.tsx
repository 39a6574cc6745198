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

/** What trying a plan out has shown, class by class. */
export function RehearsalView({ running, rehearsal, error, onRetry }: RehearsalViewProps) {
  const { t } = useTranslation("rehearsal");
  const format = useFormat();
  return (
    <div className={classes.rehearsal} aria-busy={running} role="status">
      {running && (
        <>
          <p className={classes.of}>{t("running")}</p>
          <Skeleton height={11} width="60%" />
        </>
      )}
      {error && !running && <ErrorView error={error} onRetry={onRetry} />}
      {rehearsal && !running && (
        <>
          <p className={classes.of}>{t("took", { duration: format.duration(rehearsal.duration_ms) })}</p>
          <ul className={classes.classes}>
            {rehearsal.classes.map((one, index) => (
              <RehearsedClassView key={one.representative} rehearsed={one} opened={index === 0} />
            ))}
          </ul>
          <PlanChecks checks={rehearsal.notes} />
        </>
      )}
    </div>
  );
}
