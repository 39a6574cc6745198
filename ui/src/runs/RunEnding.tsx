import { useTranslation } from "react-i18next";
import type { RunSummary } from "../api/types";
import classes from "./RunPanel.module.css";
import { useFollowUp } from "./useFollowUp";

/** After the end of a run: why it ended early, and how it stands to other runs. Nothing for one that simply ended. */
export function RunEnding({ summary }: { summary: RunSummary }) {
  const { t } = useTranslation("runs");
  const { undone, elsewhere } = useFollowUp(summary);
  const says = [
    summary.stopped && t(`why.${summary.stopped}`),
    summary.undoes && t("undoes"),
    undone && t("undone"),
    elsewhere && t("connectThere", { database: elsewhere }),
  ].filter((one) => typeof one === "string");
  if (says.length === 0) return null;
  return <p className={classes.why}>{says.join(" ")}</p>;
}
