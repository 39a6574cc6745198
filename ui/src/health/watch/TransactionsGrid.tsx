import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { settingsQueryOptions } from "../../api/settings";
import type { Activity, OpenTransaction } from "../../api/types";
import { EmptyState } from "../../components/empty/EmptyState";
import { Unknown } from "../../components/figures/Figure";
import type { GridColumn } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useGridModel } from "../../components/grid/useGridModel";
import { Status } from "../../components/status/Status";
import { type Format, useFormat } from "../../i18n/format";
import { sessionId, type Translate } from "./words";

const idOf = (open: OpenTransaction) => `${open.kind} ${open.pid ?? open.name}`;

/** Transactions that are open for long, and what holds rows back without a session. */
export function TransactionsGrid({
  activity,
  onOpen,
}: {
  activity: Activity;
  onOpen: (session: string) => void;
}) {
  const { t } = useTranslation("watch");
  const format = useFormat();
  const { data: settings } = useQuery(settingsQueryOptions());
  const columns = useMemo(() => transactionColumns(t, format), [t, format]);
  const model = useGridModel("transactions", columns, activity.transactions, { id: "open", desc: true });
  const open = (transaction: OpenTransaction) => {
    const session = activity.sessions.find((one) => one.pid === transaction.pid);
    if (session) onOpen(sessionId(session));
  };
  return (
    <DataGrid
      model={model}
      label={t("activity.transactionList")}
      rowId={idOf}
      dense={settings?.dense ?? true}
      onOpen={open}
      empty={
        <EmptyState icon={<IconCircleCheck size={36} stroke={1.3} />} title={t("activity.none.transactions")}>
          <p>{t("activity.none.transactionsText")}</p>
        </EmptyState>
      }
    />
  );
}

function transactionColumns(t: Translate, format: Format): GridColumn<OpenTransaction>[] {
  const tenants = (open: OpenTransaction) => {
    const more = open.more_tenants > 0 ? [t("more", { count: open.more_tenants })] : [];
    return [...open.tenants, ...more].join(", ");
  };
  const held = (open: OpenTransaction) =>
    open.holds_xids === null ? "" : t("activity.xids", { count: open.holds_xids });
  return [
    {
      id: "what",
      header: t("activity.column.what"),
      value: (open) => t(`activity.kind.${open.kind}`),
      render: (open) => (
        <Status tone={open.kind === "session" ? "info" : "warn"} label={t(`activity.kind.${open.kind}`)} />
      ),
      width: 170,
      hideable: false,
    },
    {
      id: "which",
      header: t("activity.column.which"),
      value: (open) => open.name ?? open.pid,
      render: (open) => <bdi title={open.sql ?? ""}>{open.name ?? open.pid}</bdi>,
      width: 140,
      grow: 2,
      code: true,
      opens: true,
    },
    {
      id: "role",
      header: t("activity.column.role"),
      value: (open) => open.role,
      width: 120,
      grow: 1,
    },
    {
      id: "open",
      header: t("activity.column.open"),
      value: (open) => open.age_ms,
      text: (open) => (open.age_ms === null ? "" : format.duration(open.age_ms)),
      render: (open) =>
        open.age_ms === null ? <Unknown /> : <span className="tabular">{format.duration(open.age_ms)}</span>,
      align: "end",
      width: 120,
    },
    {
      id: "holds",
      header: t("activity.column.holds"),
      value: (open) => open.holds_xids,
      text: held,
      render: (open) => (open.holds_xids === null ? <Unknown /> : <span>{held(open)}</span>),
      align: "end",
      width: 150,
    },
    {
      id: "tenants",
      header: t("activity.column.tenant"),
      value: tenants,
      render: (open) => <bdi title={tenants(open)}>{tenants(open)}</bdi>,
      width: 160,
      grow: 2,
    },
    {
      id: "sql",
      header: "SQL",
      value: (open) => open.sql,
      width: 200,
      grow: 2,
      code: true,
      hidden: true,
    },
  ];
}
