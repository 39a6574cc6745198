import { Button } from "@mantine/core";
import { IconAddressBook, IconEdit } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { connectionTextsQueryOptions, entryHistoryQueryOptions, registryQueryOptions } from "../api/life";
import type { Registration, TenantDetail } from "../api/types";
import { CopyButton } from "../components/copy/CopyButton";
import { EmptyState } from "../components/empty/EmptyState";
import { ErrorView } from "../components/error/ErrorView";
import { RelativeTime } from "../components/figures/RelativeTime";
import { useFormat } from "../i18n/format";
import { useRefusal } from "../tenants/useRefusal";
import { EntryDialog } from "./EntryDialog";
import classes from "./Life.module.css";
import { RegistryDialog } from "./RegistryDialog";

/** What the registry knows of a tenant, and how an application reaches it. */
export function EntryTab({ tenant }: { tenant: TenantDetail }) {
  const { t } = useTranslation("life");
  const registry = useQuery(registryQueryOptions());
  const refusal = useRefusal();
  const [dialog, setDialog] = useState<"entry" | "install" | null>(null);
  const entry = tenant.entry;
  const status = registry.data;
  const close = () => setDialog(null);
  const button = (label: string, open: "entry" | "install", filled: boolean) => (
    <Button
      size="sm"
      variant={filled ? "filled" : "default"}
      leftSection={filled ? undefined : <IconEdit size={15} />}
      disabled={refusal !== null}
      title={refusal ?? undefined}
      onClick={() => setDialog(open)}
    >
      {label}
    </Button>
  );
  return (
    <div className={classes.entry}>
      {registry.error && (
        <ErrorView
          error={registry.error}
          title={t("registry.failed")}
          onRetry={() => void registry.refetch()}
        />
      )}
      {status && !status.readable && (
        <EmptyState
          icon={<IconAddressBook size={40} stroke={1.2} />}
          title={t(status.installed ? "tab.unreadable" : "tab.none")}
          action={!status.installed && button(t("registry.open"), "install", true)}
        >
          {!status.installed && t("tab.noneText")}
        </EmptyState>
      )}
      {status?.readable && !entry && (
        <EmptyState
          icon={<IconAddressBook size={40} stroke={1.2} />}
          title={t("tab.noEntry")}
          action={button(t("tab.makeEntry"), "entry", true)}
        >
          {t("tab.noEntryText")}
        </EmptyState>
      )}
      {entry && (
        <>
          <div className={classes.head}>
            <span className={classes.dim}>
              {t("tab.revision", { revision: entry.revision })} · <RelativeTime value={entry.changed_at} />
            </span>
            {button(t("tab.edit"), "entry", false)}
          </div>
          <EntryCards entry={entry} size={tenant.size_bytes} />
        </>
      )}
      <ConnectionCard schema={tenant.schema} />
      {entry && <History schema={tenant.schema} />}
      {dialog === "entry" && <EntryDialog tenant={tenant} entry={entry} onClose={close} />}
      {dialog === "install" && <RegistryDialog onClose={close} />}
    </div>
  );
}

function EntryCards({ entry, size }: { entry: Registration; size: number }) {
  const { t } = useTranslation("life");
  const format = useFormat();
  const { identity, quotas } = entry;
  const facts: [string, ReactNode][] = [
    [t("field.kind"), identity.kind],
    [t("field.email"), identity.email],
    [t("field.phone"), identity.phone],
    [t("field.address"), identity.address],
    [t("field.place"), [identity.postal_code, identity.city].filter(Boolean).join(" ") || null],
    [t("field.primary_color"), identity.primary_color && <Color value={identity.primary_color} />],
    [t("field.secondary_color"), identity.secondary_color && <Color value={identity.secondary_color} />],
    ...entry.images.map((image): [string, ReactNode] => [
      t(image.usage === "logo" ? "field.logo" : "field.favicon"),
      `${image.media_type}, ${format.bytes(image.bytes)}`,
    ]),
    ...Object.entries(entry.fields).map(([field, value]): [string, ReactNode] => [field, value]),
    [t("field.notes"), identity.notes],
  ];
  const known = facts.filter(([, value]) => value);
  return (
    <div className={classes.cards}>
      <section className={classes.card}>
        <h2>{t("tab.identity")}</h2>
        {known.length === 0 && <span className={classes.dim}>{t("tab.nothing")}</span>}
        <dl className={classes.facts}>
          {known.map(([label, value]) => (
            <div key={label} style={{ display: "contents" }}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section className={classes.card}>
        <h2>{t("tab.domains")}</h2>
        {entry.domains.length === 0 && <span className={classes.dim}>{t("tab.nothing")}</span>}
        <ul className={classes.list}>
          {entry.domains.map((domain) => (
            <li key={domain.domain}>
              <span>{domain.domain}</span>
              <span className={classes.dim}>
                {[domain.primary && t("tab.primary"), !domain.active && t("tab.off")]
                  .filter(Boolean)
                  .join(", ")}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section className={classes.card}>
        <h2>{t("tab.modules")}</h2>
        {entry.modules.length === 0 && <span className={classes.dim}>{t("tab.nothing")}</span>}
        <ul className={classes.list}>
          {entry.modules.map((module) => (
            <li key={module.module}>
              <span>{module.module}</span>
              <span className={classes.dim}>{t(module.enabled ? "tab.on" : "tab.off")}</span>
            </li>
          ))}
        </ul>
      </section>
      <section className={classes.card}>
        <h2>{t("tab.quotas")}</h2>
        <dl className={classes.facts}>
          <dt>{t("field.people_limit")}</dt>
          <dd>{quotas.people === null ? t("tab.unlimited") : format.number(quotas.people)}</dd>
          <dt>{t("field.storage_limit")}</dt>
          <dd>
            {quotas.storage_bytes === null
              ? t("tab.unlimited")
              : t("tab.used", { used: format.bytes(size), limit: format.bytes(quotas.storage_bytes) })}
          </dd>
        </dl>
      </section>
    </div>
  );
}

function Color({ value }: { value: string }) {
  return (
    <>
      <span className={classes.swatch} style={{ background: value }} aria-hidden="true" />
      {value}
    </>
  );
}

function ConnectionCard({ schema }: { schema: string }) {
  const { t } = useTranslation("life");
  const { data } = useQuery(connectionTextsQueryOptions(schema));
  if (!data) return null;
  const texts = [
    { label: t("connection.url"), text: data.url },
    { label: "SQLAlchemy, FastAPI", text: data.sqlalchemy },
    { label: "Django", text: data.django },
  ];
  return (
    <section className={classes.card}>
      <h2>{t("connection.title")}</h2>
      {texts.map(({ label, text }) => (
        <details key={label} open={text === data.url}>
          <summary>{label}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by the keyboard */}
          <pre className={classes.text} tabIndex={0}>
            {text}
          </pre>
          <CopyButton text={() => text} label={t("connection.copy", { what: label })} variant="subtle" />
        </details>
      ))}
    </section>
  );
}

function History({ schema }: { schema: string }) {
  const { t } = useTranslation("life");
  const { data } = useQuery(entryHistoryQueryOptions(schema));
  if (!data || data.length === 0) return null;
  return (
    <section className={classes.card}>
      <h2>{t("tab.history")}</h2>
      <table className={classes.history}>
        <thead>
          <tr>
            {(["when", "who", "what", "field", "before", "after"] as const).map((column) => (
              <th key={column} scope="col">
                {t(`history.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.flatMap((version) =>
            version.changes.map((change) => (
              <tr key={`${version.number} ${change.field}`}>
                <td>
                  <RelativeTime value={version.at} />
                </td>
                <td>{version.person ?? version.role}</td>
                <td>{version.object}</td>
                <td>{change.field}</td>
                <td>{change.before ?? "–"}</td>
                <td>{change.after ?? "–"}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </section>
  );
}
