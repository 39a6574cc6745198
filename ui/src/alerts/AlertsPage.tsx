import { Button } from "@mantine/core";
import { IconBellCheck, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { alertsQueryOptions } from "../api/alerts";
import type { Alert, AlertItem } from "../api/types";
import { EmptyState } from "../components/empty/EmptyState";
import { ErrorView } from "../components/error/ErrorView";
import { useErrorText } from "../components/error/errorText";
import { PageHeader } from "../components/page/PageHeader";
import { Status } from "../components/status/Status";
import { HealthParts } from "../health/HealthParts";
import { levels, tones } from "../health/words";
import { useFormat } from "../i18n/format";
import { selectTenants } from "../tenants/selection";
import classes from "./AlertsPage.module.css";
import { alertTitle, itemText } from "./words";

/** So many lines of an alert are drawn; the list of tenants has room for the others. */
const shown = 20;

/** What is beyond its threshold: whom it concerns, and the way to them. */
export function AlertsPage() {
  const { t } = useTranslation(["alerts", "common"]);
  const format = useFormat();
  const { data, error, isPending, isFetching, refetch } = useQuery(alertsQueryOptions());
  return (
    <div className={classes.page}>
      <PageHeader
        title={t("alerts:title.page")}
        subtitle={
          data && t("alerts:looked", { count: data.tenants, duration: format.duration(data.duration_ms) })
        }
      >
        <HealthParts />
      </PageHeader>
      <div className={classes.toolbar}>
        <Button component={Link} to="/settings" variant="default">
          {t("alerts:thresholds")}
        </Button>
        <Button leftSection={<IconRefresh size={15} />} loading={isFetching} onClick={() => void refetch()}>
          {t("alerts:again")}
        </Button>
      </div>
      <div className={classes.content} aria-busy={isPending}>
        {error && !data && (
          <ErrorView error={error} title={t("alerts:failed")} onRetry={() => void refetch()} />
        )}
        {isPending && <p className={classes.quiet}>{t("alerts:looking")}</p>}
        {data?.alerts.length === 0 && (
          <EmptyState icon={<IconBellCheck size={40} stroke={1.3} />} title={t("alerts:nothing.title")}>
            <p>{t("alerts:nothing.text")}</p>
          </EmptyState>
        )}
        {data &&
          levels.map((level) =>
            data.alerts
              .filter((alert) => alert.level === level)
              .map((alert) => <AlertCard key={alert.kind} alert={alert} />),
          )}
        {data?.not_watched.map((left) => (
          <p key={left.kind} className={classes.quiet}>
            {t(`alerts:notWatched.${left.code}` as "alerts:notWatched.sessions_unseen", {
              defaultValue: left.message,
            })}
          </p>
        ))}
      </div>
    </div>
  );
}

function AlertCard({ alert }: { alert: Alert }) {
  const { t } = useTranslation(["alerts", "common", "health"]);
  const format = useFormat();
  const navigate = useNavigate();
  const schemas = [...new Set(alert.items.flatMap((item) => (item.schema ? [item.schema] : [])))];
  const title = alertTitle(t, format, alert);
  return (
    <section className={classes.card} data-level={alert.level} aria-label={title}>
      <header>
        <Status tone={tones[alert.level]} label={t(`health:level.${alert.level}`)} />
        <h2>{title}</h2>
        {schemas.length > 0 && (
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              selectTenants(new Set(schemas));
              void navigate({ to: "/tenants" });
            }}
          >
            {t("alerts:select", { count: schemas.length })}
          </Button>
        )}
      </header>
      <p className={classes.why}>{t(`alerts:why.${alert.kind}`)}</p>
      {alert.kind !== "connections" && (
        <ul>
          {alert.items.slice(0, shown).map((item) => (
            <AlertLine key={`${item.schema} ${item.object}`} alert={alert} item={item} />
          ))}
        </ul>
      )}
      {alert.items.length > shown && (
        <p className={classes.quiet}>
          {t("alerts:more", { figure: format.number(alert.items.length - shown) })}
        </p>
      )}
    </section>
  );
}

function AlertLine({ alert, item }: { alert: Alert; item: AlertItem }) {
  const { t } = useTranslation(["alerts", "common"]);
  const format = useFormat();
  const isRun = alert.kind === "migration_failed" || alert.kind === "run_interrupted";
  return (
    <li>
      {item.schema && (
        <Link to="/tenants/$schema" params={{ schema: item.schema }} className={classes.who}>
          {item.schema}
        </Link>
      )}
      {isRun && item.object && (
        <Link to="/journal/runs/$run" params={{ run: item.object }}>
          {t("alerts:item.run", { run: item.object.slice(0, 8) })}
        </Link>
      )}
      {!isRun && !item.schema && <code>{item.object}</code>}
      <span className={classes.figure}>{itemText(t, format, alert, item)}</span>
      {item.error && <Reason error={item.error} />}
    </li>
  );
}

function Reason({ error }: { error: NonNullable<AlertItem["error"]> }) {
  return <span className={classes.reason}>{useErrorText(error).title}</span>;
}
