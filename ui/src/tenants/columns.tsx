import type { TFunction } from "i18next";
import type { TemplateInfo, TenantSummary } from "../api/types";
import { Bytes, Figure, Unknown } from "../components/figures/Figure";
import { RelativeTime } from "../components/figures/RelativeTime";
import type { GridColumn } from "../components/grid/columns";
import { Status } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import { shortVersion } from "../migrations/version";
import { quotaShare } from "./quota";
import classes from "./TenantsPage.module.css";

type Translate = TFunction<["tenants", "common"]>;

/** A template by its title in this language, or by its name when it is not one of the shipped ones. */
export function templateTitle(templates: readonly TemplateInfo[], name: string, language: string): string {
  const template = templates.find((one) => one.name === name);
  if (!template) return name;
  return language === "fr" ? template.title_fr : template.title_en;
}

/** What is in a template, in this language. */
export function templateDescription(template: TemplateInfo, language: string): string {
  return language === "fr" ? template.description_fr : template.description_en;
}

/** "TalentMatch: consulting firms" is "TalentMatch" where space is short. */
const beforeColon = (title: string) => title.split(/\s*:/u)[0] ?? title;

/** The columns of the tenant list; in a narrow window the ones that are missed least wait to be asked for. */
export function tenantColumns(
  t: Translate,
  templates: readonly TemplateInfo[],
  language: string,
  { narrow, dated, quotas }: { narrow: boolean; dated: boolean; quotas: boolean },
): GridColumn<TenantSummary>[] {
  const title = (tenant: TenantSummary) =>
    tenant.template === null ? null : templateTitle(templates, tenant.template, language);
  return [
    {
      id: "name",
      header: t("tenants:column.name"),
      value: (tenant) => tenant.name,
      render: (tenant) => <bdi title={tenant.name}>{tenant.name}</bdi>,
      width: 160,
      minWidth: 120,
      grow: 3,
      hideable: false,
      opens: true,
    },
    {
      id: "schema",
      header: t("tenants:column.schema"),
      value: (tenant) => tenant.schema,
      render: (tenant) => <span title={tenant.schema}>{tenant.schema}</span>,
      width: 100,
      grow: 2,
      code: true,
    },
    {
      id: "state",
      header: t("tenants:column.state"),
      value: (tenant) => stateWord(t, tenant),
      render: (tenant) => (
        <TenantStatus tenant={tenant} word={stateWord(t, tenant)} hint={t("tenants:unreadable")} />
      ),
      width: 92,
    },
    {
      id: "version",
      header: t("tenants:column.version"),
      value: (tenant) => tenant.version,
      text: versionText,
      render: (tenant) => <Version tenant={tenant} t={t} />,
      // A day with what is waiting, or a short number.
      width: dated ? 126 : 80,
    },
    {
      id: "template",
      header: t("tenants:column.template"),
      value: title,
      render: (tenant) =>
        tenant.template === null ? (
          <Unknown />
        ) : (
          <span title={title(tenant) ?? ""}>{beforeColon(title(tenant) ?? "")}</span>
        ),
      width: 110,
      grow: 1,
      hidden: narrow,
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
      id: "rows",
      header: t("tenants:column.rows"),
      value: (tenant) => tenant.rows,
      render: (tenant) => <Figure value={tenant.rows} estimated={tenant.rows_estimated} />,
      align: "end",
      width: 104,
    },
    {
      id: "size",
      header: t("tenants:column.size"),
      value: (tenant) => tenant.size_bytes,
      render: (tenant) => <Bytes value={tenant.size_bytes} estimated={tenant.size_estimated} />,
      align: "end",
      width: 80,
    },
    ...(quotas
      ? [
          {
            id: "quota",
            header: t("tenants:column.quota"),
            value: quotaShare,
            render: (tenant: TenantSummary) => <Quota tenant={tenant} t={t} />,
            align: "end" as const,
            width: 84,
          },
        ]
      : []),
    {
      id: "activity",
      header: t("tenants:column.activity"),
      value: (tenant) => tenant.last_activity,
      // The statistics of many servers show no activity; that is not "never".
      render: (tenant) =>
        tenant.last_activity === null ? <Unknown /> : <RelativeTime value={tenant.last_activity} />,
      width: 106,
      hidden: narrow,
    },
    {
      id: "backup",
      header: t("tenants:column.backup"),
      value: (tenant) => tenant.last_backup,
      // Only what was done from this computer is known: that is not "never".
      render: (tenant) =>
        tenant.last_backup === null ? (
          <Unknown hint={t("tenants:noBackup")} />
        ) : (
          <RelativeTime value={tenant.last_backup} />
        ),
      width: 96,
    },
    {
      id: "owner",
      header: t("tenants:column.owner"),
      value: (tenant) => tenant.owner,
      width: 130,
      code: true,
      hidden: true,
    },
  ];
}

/** How much of the fullest quota is used. What is over stands out by a sign as well. */
function Quota({ tenant, t }: { tenant: TenantSummary; t: Translate }) {
  const format = useFormat();
  const share = quotaShare(tenant);
  if (share === null) return <Unknown />;
  const percent = Number.isFinite(share)
    ? t("tenants:quota.share", { percent: format.number(share * 100) })
    : "∞";
  if (share > 1)
    return (
      <span title={t("tenants:quota.over")}>
        <Status tone="bad" label={percent} />
      </span>
    );
  return <span className="tabular">{percent}</span>;
}

export const stateWord = (t: Translate, tenant: TenantSummary) =>
  t(tenant.readable ? `common:state.${tenant.state}` : "common:state.unreadable");

function TenantStatus({ tenant, word, hint }: { tenant: TenantSummary; word: string; hint: string }) {
  if (tenant.readable) return <Status tone={tenant.state === "active" ? "ok" : "off"} label={word} />;
  return (
    <span title={hint}>
      <Status tone="warn" label={word} />
    </span>
  );
}

function versionText(tenant: TenantSummary): string {
  if (tenant.version === null) return "";
  const version = String(tenant.version);
  return tenant.pending ? `${version} ↑${tenant.pending}` : version;
}

function Version({ tenant, t }: { tenant: TenantSummary; t: Translate }) {
  if (tenant.version === null) {
    return <Unknown hint={t("tenants:noVersion")} />;
  }
  const version = shortVersion(tenant.version);
  const whole = String(tenant.version);
  if (!tenant.pending) {
    return (
      <span className="tabular" title={whole}>
        {version}
      </span>
    );
  }
  return (
    <span className="tabular" title={`${whole} · ${t("tenants:pendingHint", { count: tenant.pending })}`}>
      {version} <span className={classes.pending}>↑{tenant.pending}</span>
    </span>
  );
}
