import { ActionIcon, Tooltip } from "@mantine/core";
import { useEventListener } from "@mantine/hooks";
import { IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { JournalEntry } from "../api/types";
import { CopyButton } from "../components/copy/CopyButton";
import { SqlView } from "../components/sql/SqlView";
import { Status } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import classes from "./JournalPage.module.css";
import { isSql, operationWord, outcomeTone, outcomeWord, splitDetail, subjectWords } from "./words";

const states = ["done", "skipped", "failed", "cancelled", "not_started"] as const;

type EntryPanelProps = { entry: JournalEntry; onClose: () => void };

/** One entry in full. */
export function EntryPanel({ entry, onClose }: EntryPanelProps) {
  const { t } = useTranslation("journal");
  const { t: common } = useTranslation("common");
  const format = useFormat();
  const heading = useRef<HTMLHeadingElement>(null);
  const panel = useEventListener("keydown", (event) => {
    if (event.key === "Escape") onClose();
  });
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const { counts, rest } = splitDetail(entry.detail ?? "");
  const ended = counts === null ? [] : states.filter((state) => counts[state] > 0);

  return (
    <aside ref={panel} className={classes.panel} aria-label={t("entry", { number: entry.number })}>
      <header className={classes.panelHeader}>
        <h2 ref={heading} tabIndex={-1} className={classes.panelTitle}>
          {operationWord(t, entry.operation)}
        </h2>
        <Status tone={outcomeTone(entry.outcome)} label={outcomeWord(common, entry.outcome)} />
        <span className={classes.space} />
        <Tooltip label={common("action.close")}>
          <ActionIcon aria-label={common("action.close")} onClick={onClose}>
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      </header>
      <dl className={classes.facts} tabIndex={0}>
        <Fact name={t("column.time")}>{format.dateTime(entry.time)}</Fact>
        {entry.subject && (
          <Fact name={t("column.subject")}>
            <bdi>{subjectWords(t, entry.subject)}</bdi>
          </Fact>
        )}
        {counts && ended.length > 0 && (
          <Fact name={t("counts")}>
            {ended.map((state) => `${format.number(counts[state])} ${common(`state.${state}`)}`).join(", ")}
          </Fact>
        )}
        <Fact name={t("column.person")}>
          {t("onComputer", { person: entry.person, computer: entry.computer })}
        </Fact>
        {entry.role && (
          <Fact name={t("column.role")}>
            <code>{entry.role}</code>
          </Fact>
        )}
        {entry.database && (
          <Fact name={t("column.database")}>
            <code>{entry.database}</code>
          </Fact>
        )}
        {entry.run && (
          <Fact name={t("run")}>
            <Link to="/journal/runs/$run" params={{ run: entry.run }} className={classes.runLink}>
              <code>{entry.run}</code>
            </Link>
          </Fact>
        )}
        <Fact name={t("number")}>{format.number(entry.number)}</Fact>
        <Fact name={t("hash")}>
          <code className={classes.hash} title={t("hashHint")}>
            {entry.hash}
          </code>
        </Fact>
      </dl>
      {rest !== "" && (
        <>
          <div className={classes.detailBar}>
            <b>{t(isSql(entry.operation) ? "statements" : "detail")}</b>
            <CopyButton variant="subtle" text={() => rest} label={common("action.copy")} />
          </div>
          <div className={classes.detail}>
            {isSql(entry.operation) ? (
              <SqlView text={rest} label={t("statements")} />
            ) : (
              <p className={classes.text}>{rest}</p>
            )}
          </div>
        </>
      )}
    </aside>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
