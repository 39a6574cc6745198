import type { TFunction } from "i18next";
import type { BackupState, Quarantined } from "../api/types";
import { Bytes, Figure, Unknown } from "../components/figures/Figure";
import { RelativeTime } from "../components/figures/RelativeTime";
import type { GridColumn } from "../components/grid/columns";
import { Status } from "../components/status/Status";
import { backupTones } from "./BackupFact";

type Translate = TFunction<["quarantine", "tenants", "common"]>;
/** How much of the window there is beside the panel. */
type Room = { narrow: boolean; tight: boolean };
type Checks = ReadonlyMap<string, BackupState>;

/** The columns of the list of tenants in quarantine; `checks` says whether their backups are there. */
export function quarantineColumns(
  t: Translate,
  checks: Checks,
  { narrow, tight }: Room,
): GridColumn<Quarantined>[] {
  const backup = (tenant: Quarantined) => {
    const state = checks.get(tenant.schema);
    return state === undefined ? null : t(`quarantine:backup.short.${state}`);
  };
  return [
    {
      id: "name",
      header: t("tenants:column.name"),
      value: (tenant) => tenant.name,
      render: (tenant) => <bdi title={tenant.name}>{tenant.name}</bdi>,
      width: 150,
      minWidth: 120,
      grow: 3,
      hideable: false,
      opens: true,
    },
    {
      id: "was",
      header: t("quarantine:column.was"),
      value: (tenant) => tenant.was,
      render: (tenant) => (tenant.was === null ? <Unknown /> : <span title={tenant.was}>{tenant.was}</span>),
      width: 110,
      grow: 2,
      code: true,
      hidden: tight,
    },
    {
      id: "since",
      header: t("quarantine:column.since"),
      value: (tenant) => tenant.quarantined_at,
      render: (tenant) =>
        tenant.quarantined_at === null ? <Unknown /> : <RelativeTime value={tenant.quarantined_at} />,
      width: 100,
    },
    {
      id: "tables",
      header: t("tenants:column.tables"),
      value: (tenant) => tenant.tables,
      render: (tenant) => <Figure value={tenant.tables} />,
      align: "end",
      width: 66,
      hidden: narrow,
    },
    {
      id: "size",
      header: t("tenants:column.size"),
      value: (tenant) => tenant.size_bytes,
      render: (tenant) => <Bytes value={tenant.size_bytes} estimated={tenant.size_estimated} />,
      align: "end",
      width: 80,
    },
    {
      id: "backup",
      header: t("quarantine:column.backup"),
      value: backup,
      render: (tenant) => {
        const state = checks.get(tenant.schema);
        if (tenant.problem !== null) return <Status tone="bad" label={t("quarantine:state.unusable")} />;
        return state === undefined ? (
          <Unknown />
        ) : (
          <Status tone={backupTones[state]} label={backup(tenant) ?? ""} />
        );
      },
      width: 110,
    },
    {
      id: "by",
      header: t("quarantine:column.by"),
      value: (tenant) => tenant.quarantined_by,
      width: 130,
      hidden: narrow,
    },
    {
      id: "schema",
      header: t("quarantine:column.schema"),
      value: (tenant) => tenant.schema,
      render: (tenant) => <span title={tenant.schema}>{tenant.schema}</span>,
      width: 220,
      code: true,
      hidden: true,
    },
  ];
}
