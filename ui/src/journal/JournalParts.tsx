import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import classes from "./JournalParts.module.css";

/** The two ways to look back: entry by entry, or run by run. */
export function JournalParts() {
  const { t } = useTranslation(["journal", "runs"]);
  return (
    <nav className={classes.parts} aria-label={t("journal:places")}>
      <Link to="/journal" activeOptions={{ exact: true }} className={classes.part}>
        {t("journal:entries")}
      </Link>
      <Link to="/journal/runs" activeOptions={{ exact: true }} className={classes.part}>
        {t("runs:list.title")}
      </Link>
    </nav>
  );
}
