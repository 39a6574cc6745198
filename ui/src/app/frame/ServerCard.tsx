import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { OpenConnection, ServerInfo } from "../../api/types";
import { Status } from "../../components/status/Status";
import { encryptionOf, isSocket } from "./encryption";
import classes from "./ServerCard.module.css";

/** What the server is and what this role may do there. */
export function ServerCard({ connection }: { connection: OpenConnection }) {
  const { t } = useTranslation();
  const { server, profile } = connection;
  const encryption = encryptionOf(profile, server);
  const facts: [string, ReactNode][] = [
    [t("server.profile"), profile.name],
    [t("server.address"), <code key="address">{addressOf(server)}</code>],
    [t("server.version"), t("frame.server", { version: server.version })],
    [
      t("server.tls"),
      encryption.kind === "tls" ? (
        encryption.version
      ) : encryption.kind === "clear" ? (
        <Status key="clear" tone="warn" label={t("server.clear")} />
      ) : (
        t(`server.${encryption.kind}`)
      ),
    ],
    [t("server.role"), <code key="role">{server.role}</code>],
    [
      t("server.rights"),
      rights(server)
        .map((right) => t(`server.right.${right}`))
        .join(", "),
    ],
    [
      t("server.lockBudget"),
      t("server.lockUse", { used: server.lock_budget.used, total: server.lock_budget.total }),
    ],
    [
      t("server.extensions"),
      server.extensions.length === 0
        ? t("server.noExtensions")
        : server.extensions.map((extension) => (
            <code key={extension.name} className={classes.extension}>
              {extension.name} {extension.version}
            </code>
          )),
    ],
  ];
  return (
    <>
      <dl className={classes.facts}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {encryption.kind === "clear" && (
        <p className={classes.note} data-tone="warn">
          {t("frame.clearHint", { host: server.host })}
        </p>
      )}
      {server.pooler && (
        <p className={classes.note}>
          {t("server.pooler")}: {server.pooler}. {t("server.poolerHint")}
        </p>
      )}
      {server.read_only && <p className={classes.note}>{t("frame.readOnlyHint")}</p>}
      {server.standby && <p className={classes.note}>{t("frame.standbyHint")}</p>}
    </>
  );
}

const addressOf = ({ host, port }: ServerInfo) =>
  isSocket(host) ? `${host}/.s.PGSQL.${port}` : `${host}:${port}`;

type Right = "superuser" | "schema" | "database" | "roles" | "monitor" | "none";

function rights(server: ServerInfo): Right[] {
  if (server.superuser) return ["superuser"];
  const held: Right[] = [];
  if (server.can_create_schema) held.push("schema");
  if (server.can_create_db) held.push("database");
  if (server.can_create_role) held.push("roles");
  if (server.monitor) held.push("monitor");
  return held.length === 0 ? ["none"] : held;
}
