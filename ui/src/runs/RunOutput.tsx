import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { runOutputQueryOptions } from "../api/runs";
import { CopyButton } from "../components/copy/CopyButton";
import { ErrorView } from "../components/error/ErrorView";
import classes from "./RunPanel.module.css";

type RunOutputProps = {
  run: string;
  schema: string;
  /** How far the tenant is: more may have been written since. */
  state: string;
};

/** What commands have written for a tenant of a run. */
export function RunOutput({ run, schema, state }: RunOutputProps) {
  const { t } = useTranslation("runs");
  const { data, error, isSuccess, refetch } = useQuery(runOutputQueryOptions(run, schema, state));
  if (error) return <ErrorView error={error} onRetry={() => void refetch()} plain />;
  if (!isSuccess) return null;
  if (data === null) return <p className={classes.none}>{t("output.none")}</p>;
  return (
    <section className={classes.output} aria-label={t("output.title")}>
      <header className={classes.asideHeader}>
        <b>{t("output.title")}</b>
        <CopyButton variant="subtle" text={() => data} label={t("output.copy")} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls has to be reached by the keyboard */}
      <pre tabIndex={0}>{data}</pre>
    </section>
  );
}
