import { Button } from "@mantine/core";
import { IconArrowBackUp, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { connectionQueryOptions } from "../api/connection";
import { runListQueryOptions } from "../api/runs";
import type { RunSummary } from "../api/types";
import { canGoOn, canUndo, databaseOf, undoneBy } from "./followUp";
import classes from "./RunPanel.module.css";
import { openRevisit } from "./revisit";

/** After the end of a run: why it ended early, and what can still be done about it. */
export function RunEnding({ summary }: { summary: RunSummary }) {
  const { t } = useTranslation("runs");
  const { data: connection } = useQuery(connectionQueryOptions());
  const { data: all } = useQuery(runListQueryOptions());
  const entry = all?.find((one) => one.run === summary.run);
  const undone = undoneBy(summary.run, all ?? []) !== null;
  const goesOn = canGoOn(summary) && !undone;
  const undoable = canUndo(summary) && !undone;
  const elsewhere =
    entry && (!connection || databaseOf(connection) !== entry.database) ? entry.database : null;
  const readOnly = connection?.server.read_only ?? false;
  const says = [
    summary.stopped && t(`why.${summary.stopped}`),
    summary.undoes && t("undoes"),
    undone && t("undone"),
    elsewhere && (goesOn || undoable) && t("elsewhere", { database: elsewhere }),
  ].filter((one) => typeof one === "string");
  const offered = !elsewhere && !readOnly && connection !== null && (goesOn || undoable);
  if (says.length === 0 && !offered) return null;
  return (
    <div className={classes.ending}>
      <p className={classes.why}>{says.join(" ")}</p>
      {offered && goesOn && (
        <Button leftSection={<IconPlayerPlay size={15} />} onClick={() => openRevisit(summary.run, "resume")}>
          {t("rest")}
        </Button>
      )}
      {offered && undoable && (
        <Button leftSection={<IconArrowBackUp size={15} />} onClick={() => openRevisit(summary.run, "undo")}>
          {t("undo")}
        </Button>
      )}
    </div>
  );
}
