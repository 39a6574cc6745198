import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { settingsQueryOptions } from "../../api/settings";
import type { Activity, BlockLine, SessionActivity } from "../../api/types";
import { EmptyState } from "../../components/empty/EmptyState";
import { Unknown } from "../../components/figures/Figure";
import type { GridColumn } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useGridModel } from "../../components/grid/useGridModel";
import type { Selection } from "../../components/grid/useSelection";
import { Status } from "../../components/status/Status";
import { type Format, useFormat } from "../../i18n/format";
import { oneLine, placeOf, sessionId, stateOf, type Translate, tenantsText } from "./words";

type Line = BlockLine & { id: string; session: SessionActivity | undefined };

type BlockedGridProps = {
  activity: Activity;
  selected: Selection;
  onSelect: (selected: Selection) => void;
  onOpen: (session: string) => void;
};

const idOf = (line: Line) => line.id;
const nameOf = (line: Line) => `${line.pid}`;

/** Who blocks whom: each session below the one that it waits for. */
export function BlockedGrid({ activity, selected, onSelect, onOpen }: BlockedGridProps) {
  const { t } = useTranslation("watch");
  const format = useFormat();
  const { data: settings } = useQuery(settingsQueryOptions());
  const lines = useMemo(() => {
    const byPid = new Map(activity.sessions.map((session) => [session.pid, session]));
    return activity.blocking.map((line, index): Line => {
      const session = byPid.get(line.pid);
      // A session that stands here a second time is selected at its first place.
      const id = session && !line.repeated ? sessionId(session) : `line ${index}`;
      return { ...line, id, session };
    });
  }, [activity]);
  const columns = useMemo(() => lineColumns(t, format), [t, format]);
  const model = useGridModel("blocked", columns, lines);
  return (
    <DataGrid
      model={model}
      label={t("activity.blockedList")}
      rowId={idOf}
      rowName={nameOf}
      dense={settings?.dense ?? true}
      selected={selected}
      onSelect={onSelect}
      onOpen={(line) => line.session && onOpen(sessionId(line.session))}
      empty={
        <EmptyState icon={<IconCircleCheck size={36} stroke={1.3} />} title={t("activity.none.blocked")}>
          <p>{t("activity.none.blockedText")}</p>
        </EmptyState>
      }
    />
  );
}

function whoIs(t: Translate, line: Line): string {
  if (line.pid === 0) return t("activity.prepared");
  if (!line.session) return line.here ? `${line.pid}` : `${line.pid}: ${t("activity.elsewhereSession")}`;
  const who = `${line.pid}: ${line.session.role ?? line.session.kind ?? ""}`;
  return line.repeated ? `${who} (${t("activity.again")})` : who;
}

function lineColumns(t: Translate, format: Format): GridColumn<Line>[] {
  const waited = (line: Line) => line.session?.wait?.waited_ms ?? null;
  return [
    {
      id: "session",
      header: t("activity.column.pid"),
      value: (line) => whoIs(t, line),
      render: (line) => {
        const text = whoIs(t, line);
        return (
          <bdi title={text} style={{ paddingInlineStart: `${Math.min(line.depth, 12) * 18}px` }}>
            {line.depth > 0 && <span aria-hidden="true">↳ </span>}
            {text}
          </bdi>
        );
      },
      width: 200,
      minWidth: 140,
      grow: 2,
      hideable: false,
      sortable: false,
      opens: true,
    },
    {
      id: "state",
      header: t("activity.column.state"),
      value: (line) => (line.session ? stateOf(t, line.session).label : null),
      render: (line) => (line.session ? <Status {...stateOf(t, line.session)} /> : <Unknown />),
      width: 160,
      sortable: false,
    },
    {
      id: "waitsFor",
      header: t("activity.column.waitsFor"),
      value: (line) => (line.session?.wait ? `${line.session.wait.mode} ${placeOf(line.session)}` : null),
      render: (line) => {
        if (!line.session?.wait) return null;
        const text = `${line.session.wait.mode} · ${placeOf(line.session)}`;
        return <bdi title={text}>{text}</bdi>;
      },
      width: 200,
      grow: 2,
      sortable: false,
    },
    {
      id: "waited",
      header: t("activity.column.waited"),
      value: waited,
      text: (line) => format.duration(waited(line) ?? 0),
      render: (line) => {
        const milliseconds = waited(line);
        return milliseconds === null ? null : (
          <span className="tabular">{format.duration(milliseconds)}</span>
        );
      },
      align: "end",
      width: 90,
      sortable: false,
    },
    {
      id: "tenant",
      header: t("activity.column.tenant"),
      value: (line) => (line.session ? tenantsText(t, format, line.session) : null),
      width: 130,
      grow: 1,
      sortable: false,
    },
    {
      id: "query",
      header: t("activity.column.query"),
      value: (line) => oneLine(line.session?.query ?? null),
      render: (line) => <span title={line.session?.query ?? ""}>{oneLine(line.session?.query ?? null)}</span>,
      width: 220,
      grow: 3,
      code: true,
      sortable: false,
    },
  ];
}
