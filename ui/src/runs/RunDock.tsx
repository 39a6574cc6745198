import { useHotkeys } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { connectionQueryOptions } from "../api/connection";
import { Pane } from "../components/error/Pane";
import { hideNotice } from "../components/notice/notice";
import { databaseOf } from "./followUp";
import classes from "./RunDock.module.css";
import { RunLine } from "./RunLine";
import { RunPanel } from "./RunPanel";
import { RunTabs } from "./RunTabs";
import { type FollowedRun, useRuns } from "./store";
import { noticeOf, useRunNotices } from "./useRunNotices";

/** Of a run that had ended before the window heard of it, its state comes before its summary. */
const isOver = ({ progress, summary }: FollowedRun) => summary !== null || progress.state === "ended";

/** The runs, at the bottom of the window: one line, which opens to every tenant's outcome. */
export function RunDock() {
  const { t } = useTranslation("runs");
  const { data: connection } = useQuery(connectionQueryOptions());
  const here = connection ? databaseOf(connection) : null;
  const all = useRuns();
  // What has ended in another database is in the journal; what still goes on there is said to be there.
  const runs = all.filter(({ progress, summary }) => summary === null || progress.database === here);
  const [opened, setOpened] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const navigate = useNavigate();
  const show = (run: string) => {
    const elsewhere = all.some(({ progress }) => progress.run === run && progress.database !== here);
    if (elsewhere) {
      void navigate({ to: "/journal/runs/$run", params: { run } });
      return;
    }
    setChosen(run);
    setOpened(true);
  };
  useRunNotices(opened, show, (schema) => void navigate({ to: "/tenants/$schema", params: { schema } }));
  const dock = useRef<HTMLElement>(null);
  const toggleByKey = () => {
    setOpened((before) => !before);
    // Whoever came by the keyboard goes on in the dock; what was opened comes next.
    dock.current?.querySelector<HTMLElement>("[aria-keyshortcuts]")?.focus();
  };
  useHotkeys([["mod+J", toggleByKey]], []);

  // Whoever starts a run looks at that one next, also where the dock was open on the run that it takes back.
  const ended = useRef<ReadonlyMap<string, boolean>>(new Map());
  useEffect(() => {
    const before = ended.current;
    ended.current = new Map(runs.map((run) => [run.progress.run, isOver(run)]));
    const begun = runs.filter((one) => {
      const { run } = one.progress;
      // A short one may have ended before anything was drawn of it.
      return !before.has(run) || (!isOver(one) && before.get(run));
    });
    const next = begun.filter((one) => !isOver(one)).at(-1) ?? begun.at(-1);
    if (next === undefined) return;
    setChosen((chosen) => {
      // After a reload the window hears of the runs in any order: one that is over does not hide one that goes on.
      const goesOn = runs.some((one) => one.progress.run === chosen && !isOver(one));
      return isOver(next) && goesOn ? chosen : next.progress.run;
    });
  }, [runs]);

  // A run that waits for a decision shows what to decide by, once; who closes it has seen it.
  const asked = useRef(new Set<string>());
  const held = runs.find(({ progress }) => progress.state === "held" && !asked.current.has(progress.run))
    ?.progress.run;
  useEffect(() => {
    if (held === undefined) return;
    asked.current.add(held);
    setChosen(held);
    setOpened(true);
  }, [held]);

  // The chosen one while it is there; otherwise one that runs, otherwise the newest.
  const run =
    runs.find((one) => one.progress.run === chosen) ??
    runs.find((one) => one.summary === null) ??
    runs[runs.length - 1];
  const shown = opened && run !== undefined;
  const shownRun = shown ? run.progress.run : null;
  useEffect(() => {
    // The dock says and offers the same.
    if (shownRun !== null) hideNotice(noticeOf(shownRun));
  }, [shownRun]);

  return (
    <section ref={dock} className={classes.dock} aria-label={t("dock")}>
      {run ? (
        <>
          <RunLine
            run={run}
            elsewhere={run.progress.database !== here}
            opened={shown}
            onToggle={() => setOpened(!shown)}
          >
            {runs.length > 1 && <RunTabs runs={runs} current={run.progress.run} onChoose={setChosen} />}
          </RunLine>
          {shown && (
            <Pane resetKey={run.progress.run}>
              <RunPanel key={run.progress.run} run={run} onClose={() => setOpened(false)} />
            </Pane>
          )}
        </>
      ) : (
        <p className={classes.idle}>{t("idle")}</p>
      )}
    </section>
  );
}
