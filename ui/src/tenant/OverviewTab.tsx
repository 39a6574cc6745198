import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { templatesQueryOptions } from "../api/migrations";
import { tenantSizesQueryOptions } from "../api/tenants";
import type { TenantDetail } from "../api/types";
import { Pane } from "../components/error/Pane";
import { Bytes, Figure, Unknown } from "../components/figures/Figure";
import { RelativeTime } from "../components/figures/RelativeTime";
import { Sign } from "../components/status/Status";
import { GrowthCard } from "../history/GrowthCard";
import { useFormat } from "../i18n/format";
import { shortVersion } from "../migrations/version";
import { MisplacedCard } from "../misplaced/MisplacedCard";
import { templateTitle } from "../tenants/columns";
import { attention } from "./attention";
import { LargestTables } from "./LargestTables";
import classes from "./OverviewTab.module.css";

type OverviewTabProps = { tenant: TenantDetail; onTable: (table: string) => void };

/** A tenant at a glance. */
export function OverviewTab({ tenant, onTable }: OverviewTabProps) {
  const { t } = useTranslation(["tenant", "tenants", "common"]);
  const format = useFormat();
  // The exact size, where the list has had it measured already.
  const { data: sizes } = useQuery({ ...tenantSizesQueryOptions(), enabled: false });
  const exact = sizes?.get(tenant.schema);
  const indexes = tenant.tables.reduce((sum, table) => sum + table.index_bytes, 0);
  return (
    <div className={classes.overview}>
      <dl className={classes.figures}>
        <Big label={t("tenant:figure.rows")}>
          <Figure value={tenant.rows} estimated={tenant.rows_estimated} />
        </Big>
        <Big
          label={t("tenant:figure.size")}
          note={indexes > 0 && t("tenant:figure.indexes", { size: format.bytes(indexes) })}
        >
          <Bytes
            value={exact ?? tenant.size_bytes}
            estimated={exact === undefined && tenant.size_estimated}
          />
        </Big>
        <Big label={t("tenant:figure.tables")}>
          <Figure value={tenant.tables.length} />
        </Big>
        <Big
          label={t("tenant:figure.version")}
          note={
            tenant.pending ? (
              <span className={classes.pending}>{t("tenant:figure.pending", { count: tenant.pending })}</span>
            ) : null
          }
        >
          {tenant.version === null ? (
            <Unknown />
          ) : (
            <span title={String(tenant.version)}>{shortVersion(tenant.version)}</span>
          )}
        </Big>
        <Big label={t("tenant:figure.activity")}>
          {tenant.last_activity === null ? <Unknown /> : <RelativeTime value={tenant.last_activity} />}
        </Big>
      </dl>
      <Attention tenant={tenant} />
      <MisplacedCard tenant={tenant} />
      <Pane>
        <GrowthCard schema={tenant.schema} />
      </Pane>
      <div className={classes.columns}>
        <LargestTables tables={tenant.tables} onTable={onTable} />
        <Facts tenant={tenant} />
      </div>
    </div>
  );
}

function Big({ label, note, children }: { label: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.big}>
      <dt>{label}</dt>
      <dd className={classes.value}>{children}</dd>
      {note && <dd className={classes.note}>{note}</dd>}
    </div>
  );
}

function Attention({ tenant }: { tenant: TenantDetail }) {
  const { t } = useTranslation("tenant");
  const hints = attention(tenant);
  return (
    <section className={classes.card} aria-label={t("attention")}>
      <h2>{t("attention")}</h2>
      {hints.length === 0 ? (
        <p className={classes.fine}>
          <Sign tone="ok" /> {t("attentionNone")}
        </p>
      ) : (
        <ul className={classes.hints}>
          {hints.map((hint) => (
            <li key={hint.kind}>
              <Sign tone={hint.tone} />
              {t(`hint.${hint.kind}`, { count: hint.count, table: hint.tables.join(", ") })}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Facts({ tenant }: { tenant: TenantDetail }) {
  const { t, i18n } = useTranslation(["tenant", "common"]);
  const { t: words } = useTranslation("adoption");
  const { data: templates = [] } = useQuery(templatesQueryOptions());
  const { source } = tenant;
  const facts: [string, ReactNode][] = [
    [t("tenant:fact.schema"), <code key="schema">{tenant.schema}</code>],
    [t("tenant:fact.oid"), <code key="oid">{tenant.oid}</code>],
    [t("tenant:fact.state"), t(`common:state.${tenant.state}`)],
    [
      t("tenant:fact.template"),
      tenant.template === null ? (
        <Unknown key="template" />
      ) : (
        templateTitle(templates, tenant.template, i18n.language)
      ),
    ],
    [
      t("tenant:fact.backup"),
      tenant.last_backup === null ? (
        t("tenant:fact.backupNone")
      ) : (
        <RelativeTime key="backup" value={tenant.last_backup} />
      ),
    ],
    ...(source === null || source.registry === "cadastre"
      ? []
      : [
          [
            t("tenant:fact.source"),
            <span key="source">
              {words(`kind.${source.registry}`)} <code>{source.table}</code>
            </span>,
          ] as [string, ReactNode],
        ]),
    ...(source?.state_from
      ? [[t("tenant:fact.stateFrom"), <code key="state">{source.state_from}</code>] as [string, ReactNode]]
      : []),
    [t("tenant:fact.owner"), <code key="owner">{tenant.owner}</code>],
    [
      t("tenant:fact.role"),
      tenant.role === null ? t("tenant:fact.roleNone") : <code key="role">{tenant.role}</code>,
    ],
  ];
  const lists = [
    ["grants", tenant.grants],
    ["domains", tenant.domains],
    ["modules", tenant.modules],
    ["quotas", tenant.quotas],
  ] as const;
  return (
    <section className={classes.card} aria-label={t("tenant:facts")}>
      <h2>{t("tenant:facts")}</h2>
      <dl className={classes.facts}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {lists
          .filter(([, values]) => values.length > 0)
          .map(([name, values]) => (
            <div key={name}>
              <dt>{t(`tenant:fact.${name}`)}</dt>
              <dd>
                {values.map((value) => (
                  <code key={value} className={classes.line}>
                    {value}
                  </code>
                ))}
              </dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
