import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconPlayerPlay, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { connectionQueryOptions } from "../api/connection";
import { runListQueryOptions } from "../api/runs";
import { Sign } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import { databaseOf, isInterrupted } from "./followUp";
import classes from "./InterruptedRuns.module.css";
import { sizeOf } from "./listColumns";
import { isNoted, noteRun } from "./memory";
import { openRevisit } from "./revisit";

type InterruptedRunsProps = {
  /** Over every place: only the latest one, and it can be waved off. */
  passing?: boolean;
};

/** Runs of the open database in whose middle the program ended, and the way to finish them. */
export function InterruptedRuns({ passing = false }: InterruptedRunsProps) {
  const { t } = useTranslation("runs");
  const format = useFormat();
  const { data: connection } = useQuery(connectionQueryOptions());
  const { data: all = [] } = useQuery({ ...runListQueryOptions(), enabled: connection !== null });
  const [waved, setWaved] = useState<string | null>(null);
  if (!connection) return null;
  const here = databaseOf(connection);
  const found = all.filter(
    (entry) =>
      entry.database === here &&
      isInterrupted(entry, all) &&
      !(passing && (entry.run === waved || isNoted("waved", entry.run))),
  );
  return (
    <>
      {(passing ? found.slice(0, 1) : found).map((entry) => (
        <section key={entry.run} className={classes.notice} aria-label={t("interrupted.label")}>
          <Sign tone="warn" />
          <p className={classes.text}>
            {t("interrupted.text", {
              when: format.dateTime(entry.started_at),
              done: entry.done,
              total: sizeOf(entry),
            })}
          </p>
          <Link to="/journal/runs/$run" params={{ run: entry.run }} className={classes.link}>
            {t("interrupted.show")}
          </Link>
          {!connection.server.read_only && (
            <Button
              size="compact-sm"
              leftSection={<IconPlayerPlay size={14} />}
              onClick={() => openRevisit(entry.run, "resume")}
            >
              {t("rest")}
            </Button>
          )}
          {passing && (
            <Tooltip label={t("interrupted.wave")}>
              <ActionIcon
                size={22}
                aria-label={t("interrupted.wave")}
                onClick={() => {
                  noteRun("waved", entry.run);
                  setWaved(entry.run);
                }}
              >
                <IconX size={15} />
              </ActionIcon>
            </Tooltip>
          )}
        </section>
      ))}
    </>
  );
}
