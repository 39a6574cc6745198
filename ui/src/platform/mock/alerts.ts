import type { Alert, AlertItem, Alerts, TenantSummary, Thresholds } from "../../api/types";

/** As core has them before anybody changes them. */
export const usualThresholds: Thresholds = {
  runs: true,
  backup_hours: 168,
  quota_percent: 90,
  drift: true,
  transaction_seconds: 3600,
  blocked_seconds: 60,
  connections_percent: 90,
};

const item = (part: Partial<AlertItem>): AlertItem => ({
  schema: null,
  object: null,
  number: null,
  at: null,
  error: null,
  ...part,
});

type AlertsOptions = { fleet: readonly TenantSummary[]; thresholds: () => Thresholds };

/** The alerts of the pretended database: backups as the list shows them, and a session that waits. */
export function createAlerts({ fleet, thresholds }: AlertsOptions) {
  const raised = (): Alerts => {
    const limits = thresholds();
    const alerts: Alert[] = [];
    if (limits.backup_hours !== null) {
      const oldest = Date.now() - limits.backup_hours * 3_600_000;
      const missed = fleet.filter((one) => !one.last_backup || Date.parse(one.last_backup) < oldest);
      if (missed.length > 0)
        alerts.push({
          kind: "backup_missed",
          level: "error",
          message: "…",
          limit: limits.backup_hours,
          items: missed.map((one) => item({ schema: one.schema, at: one.last_backup })),
        });
    }
    if (limits.blocked_seconds !== null)
      alerts.push({
        kind: "blocked",
        level: "warning",
        message: "…",
        limit: limits.blocked_seconds,
        items: [item({ object: "pid 4211, app", number: 95 })],
      });
    return { alerts, not_watched: [], thresholds: limits, tenants: fleet.length, duration_ms: 420 };
  };
  return { alerts_raised: raised, notify: () => true };
}
