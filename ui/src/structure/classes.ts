import type { StructureClass, TenantSummary } from "../api/types";
import { className } from "./changes";

/** A tenant of a class, with what the list of tenants knows about it. */
export type Member = { schema: string; name: string; version: number | null };

/** A line of the list of classes. */
export type ClassRow = {
  fingerprint: string;
  /** `A`, `B` … */
  name: string;
  reference: boolean;
  members: Member[];
  /** Of all tenants, from 0 to 1. */
  share: number;
  /** Versions that the members stand at, the most frequent first. */
  versions: [version: number | null, tenants: number][];
  /** `null` where nobody counted them: a fleet in which nobody is equal. */
  differences: number | null;
  changes: StructureClass["changes"];
};

export function createClassRows(
  classes: readonly StructureClass[],
  tenants: readonly TenantSummary[],
): ClassRow[] {
  const known = new Map(tenants.map((tenant) => [tenant.schema, tenant]));
  const total = classes.reduce((sum, one) => sum + one.tenants.length, 0);
  return classes.map((one, index) => {
    const members = one.tenants.map((schema) => {
      const tenant = known.get(schema);
      return { schema, name: tenant?.name ?? schema, version: tenant?.version ?? null };
    });
    const versions = new Map<number | null, number>();
    for (const { version } of members) versions.set(version, (versions.get(version) ?? 0) + 1);
    return {
      fingerprint: one.fingerprint,
      name: className(index),
      reference: one.reference,
      members,
      share: total === 0 ? 0 : members.length / total,
      versions: [...versions].sort((a, b) => b[1] - a[1] || (b[0] ?? 0) - (a[0] ?? 0)),
      differences: one.differences,
      changes: one.changes,
    };
  });
}

/** The first 8 digits of a fingerprint tell a few classes apart. */
export const shortFingerprint = (fingerprint: string) => fingerprint.replace(/^\w+:/, "").slice(0, 8);
