import { useTranslation } from "react-i18next";
import classes from "./RunDock.module.css";
import { useRuns } from "./store";

/** The runs, at the bottom of the window. */
export function RunDock() {
  const { t } = useTranslation("runs");
  const running = useRuns().filter((run) => run.summary === null);
  const [first] = running;
  return (
    <section className={classes.dock} aria-label={t("dock")}>
      {first ? (
        <>
          <b>{t(`kind.${first.progress.kind}`)}</b>
          <span>{t("progress", { ended: first.progress.ended, total: first.progress.total })}</span>
        </>
      ) : (
        <span className={classes.idle}>{t("idle")}</span>
      )}
    </section>
  );
}
