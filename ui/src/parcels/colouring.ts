import type { TFunction } from "i18next";
import type { StructureClass, TenantGrowth, TenantSummary } from "../api/types";
import { shortVersion } from "../migrations/version";
import { className } from "../structure/changes";
import { type Category, distinctLooks, lookOf } from "./category";
import type { Hue } from "./choices";

/** The categories of a colouring, and which one a tenant is in. */
export type Colouring = {
  categories: readonly Category[];
  of: (tenant: TenantSummary) => number;
};

export type Translate = TFunction<["parcels", "common"]>;

/** What is known beside the list of tenants. */
export type Known = {
  classes: readonly StructureClass[] | undefined;
  growth: ReadonlyMap<string, TenantGrowth>;
  /** Bytes that tenants may have. */
  limits: ReadonlyMap<string, number>;
  now: number;
};

const day = 86_400_000;

/** How the tenants are coloured. */
export function colour(by: Hue, t: Translate, tenants: readonly TenantSummary[], known: Known): Colouring {
  switch (by) {
    case "state":
      return byState(t);
    case "version":
      return byVersion(t, tenants);
    case "shape":
      return byShape(t, known.classes);
    case "growth":
      return byGrowth(t, known.growth);
    case "quota":
      return byQuota(t, known.limits);
    case "backup":
      return byBackup(t, known.now);
  }
}

const byState = (t: Translate): Colouring => ({
  categories: [
    { key: "active", label: t("parcels:state.active"), tone: "accent", mark: "plain" },
    { key: "behind", label: t("parcels:state.behind"), tone: "info", mark: "rising" },
    { key: "inactive", label: t("common:state.inactive"), tone: "faint", mark: "dots" },
    { key: "unreadable", label: t("common:state.unreadable"), tone: "warn", mark: "cross" },
  ],
  of: (tenant) => {
    if (!tenant.readable) return 3;
    if (tenant.state !== "active") return 2;
    return (tenant.pending ?? 0) > 0 ? 1 : 0;
  },
});

/** The newest versions each, the older ones together, and what has none. */
function byVersion(t: Translate, tenants: readonly TenantSummary[]): Colouring {
  const found = new Set<number>();
  for (const { version } of tenants) if (version !== null) found.add(version);
  const versions = [...found].sort((a, b) => b - a);
  const shown = versions.slice(0, versions.length > distinctLooks ? distinctLooks - 1 : distinctLooks);
  const categories: Category[] = shown.map((version, index) => ({
    key: String(version),
    label: shortVersion(version),
    ...lookOf(index),
  }));
  const older = categories.length;
  if (versions.length > shown.length)
    categories.push({ key: "older", label: t("parcels:version.older"), ...lookOf(distinctLooks - 1) });
  const none = categories.length;
  categories.push({ key: "none", label: t("parcels:version.none"), tone: "faint", mark: "dots" });
  const places = new Map(shown.map((version, index) => [version, index]));
  return {
    categories,
    of: ({ version }) => (version === null ? none : (places.get(version) ?? older)),
  };
}

/** The largest classes of equal structure each, the others together, and those that were not compared. */
function byShape(t: Translate, classes: readonly StructureClass[] | undefined): Colouring {
  const known = classes ?? [];
  const shown = known.slice(0, known.length > distinctLooks ? distinctLooks - 1 : distinctLooks);
  const categories: Category[] = shown.map((one, index) => ({
    key: one.fingerprint,
    label: t(one.reference ? "parcels:shape.reference" : "parcels:shape.class", { name: className(index) }),
    ...lookOf(index),
  }));
  const others = categories.length;
  if (known.length > shown.length)
    categories.push({ key: "others", label: t("parcels:shape.others"), ...lookOf(distinctLooks - 1) });
  const unknown = categories.length;
  categories.push({ key: "unknown", label: t("parcels:shape.unknown"), tone: "faint", mark: "dots" });
  const places = new Map<string, number>();
  known.forEach((one, index) => {
    for (const schema of one.tenants) places.set(schema, index < shown.length ? index : others);
  });
  return { categories, of: ({ schema }) => places.get(schema) ?? unknown };
}

/** Up to these shares of the earlier size, each a category. */
const growthLimits = [-0.01, 0.05, 0.25, 1];

const byGrowth = (t: Translate, growth: ReadonlyMap<string, TenantGrowth>): Colouring => ({
  categories: [
    { key: "smaller", label: t("parcels:growth.smaller"), tone: "series-3", mark: "falling" },
    { key: "same", label: t("parcels:growth.same"), tone: "accent", mark: "plain" },
    { key: "more", label: t("parcels:growth.more"), tone: "series-5", mark: "dots" },
    { key: "much", label: t("parcels:growth.much"), tone: "warn", mark: "rising" },
    { key: "double", label: t("parcels:growth.double"), tone: "bad", mark: "cross" },
    { key: "unknown", label: t("parcels:growth.unknown"), tone: "faint", mark: "level" },
  ],
  of: ({ schema }) => {
    const share = growth.get(schema)?.share ?? null;
    return share === null ? 5 : growthLimits.filter((limit) => share > limit).length;
  },
});

/** Up to these shares of the quota, each a category. */
const quotaLimits = [0.5, 0.8, 1];

const byQuota = (t: Translate, limits: ReadonlyMap<string, number>): Colouring => ({
  categories: [
    { key: "half", label: t("parcels:quota.half"), tone: "accent", mark: "plain" },
    { key: "most", label: t("parcels:quota.most"), tone: "info", mark: "rising" },
    { key: "near", label: t("parcels:quota.near"), tone: "warn", mark: "falling" },
    { key: "over", label: t("parcels:quota.over"), tone: "bad", mark: "cross" },
    { key: "none", label: t("parcels:quota.none"), tone: "faint", mark: "dots" },
  ],
  of: ({ schema, size_bytes }) => {
    const limit = limits.get(schema);
    if (limit === undefined) return 4;
    return quotaLimits.filter((share) => size_bytes > share * limit).length;
  },
});

const byBackup = (t: Translate, now: number): Colouring => ({
  categories: [
    { key: "day", label: t("parcels:backup.day"), tone: "accent", mark: "plain" },
    { key: "week", label: t("parcels:backup.week"), tone: "info", mark: "rising" },
    { key: "month", label: t("parcels:backup.month"), tone: "warn", mark: "falling" },
    { key: "old", label: t("parcels:backup.old"), tone: "bad", mark: "cross" },
    { key: "none", label: t("parcels:backup.none"), tone: "faint", mark: "dots" },
  ],
  of: ({ last_backup }) => {
    if (last_backup === null) return 4;
    const age = (now - Date.parse(last_backup)) / day;
    const limit = [1, 7, 30].findIndex((days) => age <= days);
    return limit < 0 ? 3 : limit;
  },
});
