import { Button } from "@mantine/core";
import { IconFilterOff, IconPlugConnected } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { settingsQueryOptions } from "../../api/settings";
import type { SessionActivity } from "../../api/types";
import { EmptyState } from "../../components/empty/EmptyState";
import { Unknown } from "../../components/figures/Figure";
import type { GridColumn } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useGridModel } from "../../components/grid/useGridModel";
import type { Selection } from "../../components/grid/useSelection";
import { Status } from "../../components/status/Status";
import { type Format, useFormat } from "../../i18n/format";
import { oneLine, sessionId, stateOf, type Translate, tenantsText } from "./words";

type SessionsGridProps = {
  sessions: SessionActivity[];
  filtered: boolean;
  onReset: () => void;
  selected: Selection;
  onSelect: (selected: Selection) => void;
  onOpen: (session: string) => void;
};

const nameOf = (session: SessionActivity) => `${session.pid}`;

/** The sessions of the database, the one with the longest transaction first. */
export function SessionsGrid({ sessions, filtered, onReset, selected, onSelect, onOpen }: SessionsGridProps) {
  const { t } = useTranslation("watch");
  const format = useFormat();
  const { data: settings } = useQuery(settingsQueryOptions());
  const columns = useMemo(() => sessionColumns(t, format), [t, format]);
  const model = useGridModel("sessions", columns, sessions, { id: "transaction", desc: true });
  return (
    <DataGrid
      model={model}
      label={t("activity.list")}
      rowId={sessionId}
      rowName={nameOf}
      dense={settings?.dense ?? true}
      selected={selected}
      onSelect={onSelect}
      onOpen={(session) => onOpen(sessionId(session))}
      empty={
        filtered ? (
          <EmptyState
            icon={<IconFilterOff size={36} stroke={1.3} />}
            title={t("nothingFits")}
            action={<Button onClick={onReset}>{t("showAll")}</Button>}
          />
        ) : (
          <EmptyState
            icon={<IconPlugConnected size={36} stroke={1.3} />}
            title={t("activity.none.sessions")}
          />
        )
      }
    />
  );
}

function sessionColumns(t: Translate, format: Format): GridColumn<SessionActivity>[] {
  const time = (milliseconds: number | null) =>
    milliseconds === null ? <Unknown /> : <span className="tabular">{format.duration(milliseconds)}</span>;
  return [
    {
      id: "pid",
      header: t("activity.column.pid"),
      value: (session) => session.pid,
      align: "end",
      width: 84,
      hideable: false,
      opens: true,
    },
    {
      id: "role",
      header: t("activity.column.role"),
      value: (session) => session.role ?? session.kind,
      render: (session) => <bdi title={session.role ?? ""}>{session.role ?? session.kind}</bdi>,
      width: 120,
      minWidth: 80,
      grow: 1,
    },
    {
      id: "application",
      header: t("activity.column.application"),
      value: (session) => session.application,
      render: (session) => <bdi title={session.application}>{session.application}</bdi>,
      width: 120,
      minWidth: 80,
      grow: 1,
    },
    {
      id: "tenant",
      header: t("activity.column.tenant"),
      value: (session) => tenantsText(t, format, session),
      render: (session) => {
        const text = tenantsText(t, format, session);
        return session.tenants.length === 0 ? <i>{text}</i> : <bdi title={text}>{text}</bdi>;
      },
      width: 130,
      minWidth: 90,
      grow: 2,
    },
    {
      id: "state",
      header: t("activity.column.state"),
      value: (session) => stateOf(t, session).label,
      render: (session) => <Status {...stateOf(t, session)} />,
      width: 160,
    },
    {
      id: "since",
      header: t("activity.column.since"),
      value: (session) => session.state_ms,
      text: (session) => (session.state_ms === null ? "" : format.duration(session.state_ms)),
      render: (session) => time(session.state_ms),
      align: "end",
      width: 90,
    },
    {
      id: "transaction",
      header: t("activity.column.transaction"),
      value: (session) => session.transaction_ms,
      text: (session) => (session.transaction_ms === null ? "" : format.duration(session.transaction_ms)),
      render: (session) => time(session.transaction_ms),
      align: "end",
      width: 104,
    },
    {
      id: "client",
      header: t("activity.column.client"),
      value: (session) => (session.local ? t("session.local") : session.client),
      width: 120,
      hidden: true,
    },
    {
      id: "query",
      header: t("activity.column.query"),
      value: (session) => oneLine(session.query),
      render: (session) => <span title={session.query ?? ""}>{oneLine(session.query)}</span>,
      width: 170,
      minWidth: 120,
      grow: 5,
      code: true,
    },
  ];
}
