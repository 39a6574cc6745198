import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { cloneRemarksQueryOptions } from "../api/clone";
import { remarkText } from "../backups/remarks";
import classes from "./CloneDialog.module.css";

/** What is not as in the source after a clone, for who has to look at it. */
export function CloneRemarks({ run }: { run: string }) {
  const { t } = useTranslation("clone");
  const { t: words } = useTranslation("backups");
  const { data: remarks = [] } = useQuery(cloneRemarksQueryOptions(run));
  if (remarks.length === 0) return null;
  return (
    <section className={classes.remarks} aria-label={t("remarks", { count: remarks.length })}>
      <b>{t("remarks", { count: remarks.length })}</b>
      <ul>
        {remarks.map((remark) => (
          <li key={JSON.stringify(remark)}>{remarkText(words, remark)}</li>
        ))}
      </ul>
    </section>
  );
}
