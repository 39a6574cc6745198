import { describe, expect, it } from "vitest";
import type { TenantSummary } from "../api/types";
import { quotaShare } from "./quota";

type Quota = NonNullable<TenantSummary["quota"]>;
const tenant = (size_bytes: number, quota: Partial<Quota> | null) =>
  ({
    size_bytes,
    quota: quota && {
      people: null,
      people_table: null,
      people_limit: null,
      storage_limit: null,
      exceeded: [],
      ...quota,
    },
  }) as TenantSummary;

describe("the share of a quota", () => {
  it("is that of the fullest one", () => {
    expect(quotaShare(tenant(50, { storage_limit: 100 }))).toBe(0.5);
    expect(quotaShare(tenant(50, { storage_limit: 100, people: 900, people_limit: 1000 }))).toBe(0.9);
    expect(quotaShare(tenant(150, { storage_limit: 100, people: 1, people_limit: 1000 }))).toBe(1.5);
  });

  it("is not known without a quota, or without people to count", () => {
    expect(quotaShare(tenant(50, null))).toBeNull();
    expect(quotaShare(tenant(50, { people_limit: 1000 }))).toBeNull();
  });

  it("is nothing or endless where nothing is allowed", () => {
    expect(quotaShare(tenant(0, { storage_limit: 0 }))).toBe(0);
    expect(quotaShare(tenant(1, { storage_limit: 0 }))).toBe(Number.POSITIVE_INFINITY);
  });
});
