import { ActionIcon, Tooltip } from "@mantine/core";
import { useEventListener } from "@mantine/hooks";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Activity, SessionActivity } from "../../api/types";
import { CopyButton } from "../../components/copy/CopyButton";
import { SqlView } from "../../components/sql/SqlView";
import { Status } from "../../components/status/Status";
import { useFormat } from "../../i18n/format";
import { SignalButtons } from "./SessionActions";
import classes from "./Watch.module.css";
import { placeOf, type Signal, stateOf } from "./words";

type SessionPanelProps = {
  session: SessionActivity;
  activity: Activity;
  onSignal: (signal: Signal) => void;
  onClose: () => void;
};

/** One session: whose it is and what says so, what it waits for, what it runs, and the way to end it. */
export function SessionPanel({ session, activity, onSignal, onClose }: SessionPanelProps) {
  const { t } = useTranslation(["watch", "common"]);
  const format = useFormat();
  const panel = useEventListener("keydown", (event) => {
    if (event.key === "Escape") onClose();
  });
  const title = t("watch:session.title", { pid: session.pid });
  const holdsUp = activity.sessions.filter((one) => one.blocked_by.includes(session.pid)).length;
  const facts: [string, string | null][] = [
    [t("watch:activity.column.role"), session.role ?? session.kind],
    [t("watch:activity.column.application"), session.application || null],
    [t("watch:session.client"), session.local ? t("watch:session.local") : session.client],
    [t("watch:session.event"), session.waits_for],
    [t("watch:session.began"), session.started && format.dateTime(session.started)],
    [
      t("watch:session.transaction"),
      session.transaction_ms === null ? null : format.duration(session.transaction_ms),
    ],
    [t("watch:session.statement"), session.query_ms === null ? null : format.duration(session.query_ms)],
  ];
  return (
    <aside ref={panel} className={classes.panel} aria-label={title}>
      <header className={classes.panelHeader}>
        <h2 className={classes.panelTitle}>{title}</h2>
        <Status {...stateOf(t, session)} />
        <span className={classes.space} />
        <Tooltip label={t("common:action.close")}>
          <ActionIcon aria-label={t("common:action.close")} onClick={onClose}>
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      </header>
      <dl className={classes.facts}>
        {facts
          .filter(([, value]) => value !== null)
          .map(([name, value]) => (
            <div key={name} style={{ display: "contents" }}>
              <dt>{name}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
      </dl>
      <section className={classes.part}>
        <h3>{t("watch:session.whose")}</h3>
        {session.tenants.length === 0 ? (
          <p className={classes.dim}>{t("watch:session.unknown")}</p>
        ) : (
          <ul className={classes.list}>
            {session.tenants.map((one) => (
              <li key={one.schema}>
                <code>{one.schema}</code> <span className={classes.dim}>{t(`watch:why.${one.why}`)}</span>
              </li>
            ))}
            {session.more_tenants > 0 && <li>{t("watch:more", { count: session.more_tenants })}</li>}
          </ul>
        )}
      </section>
      {(session.wait || session.blocked_by.length > 0 || holdsUp > 0 || session.has_written) && (
        <section className={classes.part}>
          {session.wait && (
            <p>
              {t(session.wait.waited_ms === null ? "watch:session.waits" : "watch:session.waitsFor", {
                mode: session.wait.mode,
                place: placeOf(session),
                time: format.duration(session.wait.waited_ms ?? 0),
              })}
            </p>
          )}
          {session.blocked_by.length > 0 && (
            <p>
              {t("watch:session.blockedBy", {
                processes: session.blocked_by
                  .map((pid) => (pid === 0 ? t("watch:activity.prepared") : `${pid}`))
                  .join(", "),
              })}
            </p>
          )}
          {holdsUp > 0 && <p>{t("watch:session.holdsUp", { count: holdsUp })}</p>}
          {session.has_written && <p>{t("watch:session.written")}</p>}
        </section>
      )}
      {session.query !== null && (
        <>
          <div className={classes.bar}>
            <b>{t("watch:session.statement")}</b>
            <span className={classes.space} />
            <CopyButton variant="subtle" text={() => session.query ?? ""} label={t("common:action.copy")} />
          </div>
          <div className={classes.code}>
            <SqlView text={session.query} label={t("watch:session.statementLabel", { pid: session.pid })} />
          </div>
          <p className={`${classes.part} ${classes.dim}`}>{t("watch:session.values")}</p>
        </>
      )}
      {!session.own && (
        <div className={classes.bar}>
          <SignalButtons targets={[session]} onSignal={onSignal} />
        </div>
      )}
    </aside>
  );
}
