import type { TenantSummary } from "../api/types";

/** How much of its fullest quota a tenant uses, 1 being all of it; `null` without a quota. */
export function quotaShare({ quota, size_bytes }: TenantSummary): number | null {
  if (!quota) return null;
  const share = (used: number | null, limit: number | null) =>
    used === null || limit === null
      ? []
      : [limit === 0 ? (used > 0 ? Number.POSITIVE_INFINITY : 0) : used / limit];
  const shares = [...share(quota.people, quota.people_limit), ...share(size_bytes, quota.storage_limit)];
  return shares.length === 0 ? null : Math.max(...shares);
}
