import { Button, SegmentedControl } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../../api/error";
import type { Activity, SessionActivity } from "../../api/types";
import { activityInterval, activityQueryOptions } from "../../api/watch";
import { ErrorView } from "../../components/error/ErrorView";
import { nothingSelected } from "../../components/grid/useSelection";
import { PageHeader } from "../../components/page/PageHeader";
import { SearchField } from "../../components/search/SearchField";
import { Sign } from "../../components/status/Status";
import { useFormat } from "../../i18n/format";
import { fold, matcher } from "../../tenants/search";
import { HealthParts } from "../HealthParts";
import { BlockedGrid } from "./BlockedGrid";
import { SessionActions } from "./SessionActions";
import { SessionPanel } from "./SessionPanel";
import { SessionsGrid } from "./SessionsGrid";
import { SignalDialog } from "./SignalDialog";
import { TenantsGrid } from "./TenantsGrid";
import { TransactionsGrid } from "./TransactionsGrid";
import classes from "./Watch.module.css";
import { type Signal, sessionId } from "./words";

const views = ["sessions", "blocked", "transactions", "tenants"] as const;
type View = (typeof views)[number];

/** The part "activity" of the place "health": sessions, who blocks whom, transactions that are open for long. */
export function ActivityPage() {
  const { t } = useTranslation("watch");
  const format = useFormat();
  const [paused, setPaused] = useState(false);
  const [view, setView] = useState<View>("sessions");
  const [search, setSearch] = useState("");
  const words = useDeferredValue(search);
  const [selected, select] = useState<ReadonlySet<string>>(nothingSelected);
  const [chosen, setChosen] = useState<string | null>(null);
  const [signal, setSignal] = useState<Signal | null>(null);
  // What a plan is read against stays as it is meanwhile.
  const activity = useQuery(activityQueryOptions(!paused && signal === null));
  const data = activity.data;
  const sessions = useMemo(() => {
    const fits = matcher(words);
    const text = (one: SessionActivity) =>
      fold(
        `${one.pid} ${one.role ?? ""} ${one.application} ${one.query ?? ""} ${one.tenants.map((tenant) => tenant.schema).join(" ")}`,
      );
    return (data?.sessions ?? []).filter((one) => !one.own && (words === "" || fits(text(one))));
  }, [data, words]);
  const shown = data?.sessions.find((one) => sessionId(one) === chosen);
  const targets = (data?.sessions ?? []).filter((one) => selected.has(sessionId(one)));
  const counts: Record<View, number> = {
    sessions: sessions.length,
    blocked: data?.sessions.filter((one) => one.blocked_by.length > 0).length ?? 0,
    transactions: data?.transactions.length ?? 0,
    tenants: data?.tenants.length ?? 0,
  };

  return (
    <div className={classes.page}>
      <PageHeader
        title={t("parts.activity")}
        subtitle={
          data && (
            <>
              {t("activity.connections", {
                used: format.number(data.connections.used),
                most: format.number(data.connections.most),
              })}
              {" · "}
              {paused
                ? t("activity.paused")
                : t("activity.live", { seconds: format.number(activityInterval / 1000) })}
            </>
          )
        }
      >
        <HealthParts />
      </PageHeader>
      <search className={classes.toolbar}>
        <SegmentedControl
          aria-label={t("activity.view.label")}
          value={view}
          onChange={(value) => setView(value as View)}
          data={views.map((value) => ({
            value,
            label: `${t(`activity.view.${value}`)} (${format.number(counts[value])})`,
          }))}
        />
        {view === "sessions" && (
          <SearchField label={t("search")} value={search} onChange={setSearch} width={240} />
        )}
        <span className={classes.space} />
        <Button
          leftSection={paused ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />}
          onClick={() => setPaused(!paused)}
        >
          {t(paused ? "activity.goOn" : "activity.pause")}
        </Button>
      </search>
      <div className={classes.content}>
        <div className={classes.main}>
          {activity.error && <Failure error={activity.error} onRetry={() => void activity.refetch()} />}
          {data && !activity.error && (
            <>
              {view === "sessions" && (
                <SessionsGrid
                  sessions={sessions}
                  filtered={words !== ""}
                  onReset={() => setSearch("")}
                  selected={selected}
                  onSelect={select}
                  onOpen={setChosen}
                />
              )}
              {view === "blocked" && (
                <BlockedGrid activity={data} selected={selected} onSelect={select} onOpen={setChosen} />
              )}
              {view === "transactions" && <TransactionsGrid activity={data} onOpen={setChosen} />}
              {view === "tenants" && <TenantsGrid activity={data} />}
              <Notes activity={data} view={view} />
              <SessionActions targets={targets} onSignal={setSignal} />
            </>
          )}
        </div>
        {data && shown && (
          <SessionPanel
            session={shown}
            activity={data}
            onSignal={setSignal}
            onClose={() => setChosen(null)}
          />
        )}
      </div>
      {signal && (
        <SignalDialog
          signal={signal}
          onClose={() => {
            setSignal(null);
            select(nothingSelected);
          }}
        />
      )}
    </div>
  );
}

/** What is behind the figures, and what the role cannot see. */
function Notes({ activity, view }: { activity: Activity; view: View }) {
  const { t } = useTranslation("watch");
  const format = useFormat();
  const { connections, elsewhere, hidden, unattributed } = activity;
  const kept = connections.for_superusers + connections.for_reserved;
  const others = elsewhere.map((one) => `${one.database} (${format.number(one.sessions)})`).join(", ");
  return (
    <ul className={classes.notes}>
      {hidden > 0 && (
        <li>
          <Sign tone="warn" />
          {t("activity.hidden", { count: hidden })}
        </li>
      )}
      {view === "tenants" && unattributed > 0 && (
        <li>
          <Sign tone="info" />
          {t("activity.unattributed", { count: unattributed })}
        </li>
      )}
      {view === "sessions" && kept > 0 && (
        <li>
          <Sign tone="info" />
          {t("activity.kept", {
            superusers: format.number(connections.for_superusers),
            reserved: format.number(connections.for_reserved),
          })}
        </li>
      )}
      {view === "sessions" && others !== "" && (
        <li>
          <Sign tone="info" />
          {t("activity.elsewhere", { databases: others })}
        </li>
      )}
    </ul>
  );
}

function Failure({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  const { t } = useTranslation("watch");
  return (
    <div className={classes.failure}>
      <ErrorView error={error} title={t("failed")} onRetry={onRetry} />
    </div>
  );
}
