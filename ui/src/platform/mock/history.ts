import type { FleetGrowth, HistoryPoint, TenantHistory, TenantSummary } from "../../api/types";
import { createRandom } from "./random";

const day = 86_400;
/** How long the pretended history is. */
const length = 75;

/** The quota of most tenants; one in nine has none. */
export function limitOf(tenant: TenantSummary): number | null {
  if (tenant.oid % 9 === 0) return null;
  return (
    [8, 16, 32, 64, 128].map((mega) => mega * 1024 * 1024).find((limit) => limit > tenant.size_bytes * 0.9) ??
    null
  );
}

/** Bytes that a tenant grows by in a day: most a little, some much, some not at all. */
function pace(tenant: TenantSummary): number {
  const kind = tenant.oid % 11;
  const share = kind === 3 ? 0.018 : kind === 7 ? -0.002 : kind % 2 === 0 ? 0.0006 : 0.003;
  return tenant.size_bytes * share;
}

/** One figure a day up to now. */
function pointsOf(tenant: TenantSummary, now: number): HistoryPoint[] {
  const random = createRandom(tenant.oid);
  const size = tenant.size_bytes * 1.08;
  return Array.from({ length }, (_, index) => {
    const before = length - 1 - index;
    const share = Math.max(0.05, (size - pace(tenant) * before) / size) * (1 + (random.next() - 0.5) * 0.012);
    return {
      time: Math.round(now / 1000) - before * day,
      size_bytes: Math.round(before === 0 ? size : size * share),
      index_bytes: Math.round(size * share * 0.31),
      rows: Math.round(tenant.rows * share),
      dead_rows: Math.round(tenant.rows * 0.03),
      writes: Math.round(tenant.rows * (4 + index * 0.02)),
    };
  });
}

const moment = (time: number) => `${new Date(time * 1000).toISOString().slice(0, 19)}Z`;

/** The history of a tenant as core tells it; the line is drawn through the ends. */
export function historyOf(tenant: TenantSummary, limit: number | null): TenantHistory {
  const points = pointsOf(tenant, Date.now());
  const last = points[points.length - 1] as HistoryPoint;
  const slope = pace(tenant);
  const error = Math.abs(slope) * 0.15 + tenant.size_bytes * 0.0001;
  const at = (days: number) => moment(last.time + Math.round(days * day));
  const room = limit === null ? 0 : limit - last.size_bytes;
  return {
    schema: tenant.schema,
    name: tenant.name,
    points,
    growth: [7, 30].map((days) => {
      const first = points[points.length - 1 - days] as HistoryPoint;
      return {
        days,
        from: moment(first.time),
        to: moment(last.time),
        size_bytes: last.size_bytes - first.size_bytes,
        share: (last.size_bytes - first.size_bytes) / first.size_bytes,
        rows: last.rows - first.rows,
        writes: (last.writes ?? 0) - (first.writes ?? 0),
      };
    }),
    trend: {
      from: moment((points[0] as HistoryPoint).time),
      to: moment(last.time),
      days: points.length,
      bytes_per_day: slope,
      error_per_day: error,
    },
    forecast:
      limit === null
        ? null
        : room <= 0
          ? { limit_bytes: limit, outlook: "reached", at: null, earliest: null, latest: null }
          : slope <= error
            ? { limit_bytes: limit, outlook: "steady", at: null, earliest: null, latest: null }
            : {
                limit_bytes: limit,
                outlook: "reaches",
                at: at(room / slope),
                earliest: at(room / (slope + error)),
                latest: at(room / (slope - error)),
              },
  };
}

/** How the fleet has changed. */
export function growthOf(fleet: readonly TenantSummary[], days: number): FleetGrowth {
  const now = Math.round(Date.now() / 1000);
  return {
    days,
    from: moment(now - days * day),
    to: moment(now),
    snapshots: length,
    since: moment(now - (length - 1) * day),
    tenants: fleet
      .filter((tenant) => tenant.rows > 0)
      .map((tenant) => {
        const bytes = Math.round(pace(tenant) * days);
        const before = Math.max(1, tenant.size_bytes * 1.08 - bytes);
        return {
          schema: tenant.schema,
          size_bytes: bytes,
          share: bytes / before,
          rows: Math.round((tenant.rows * bytes) / before),
          writes: Math.round(tenant.rows * 0.02 * days),
        };
      }),
  };
}
