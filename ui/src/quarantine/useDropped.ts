import { useQuery } from "@tanstack/react-query";
import { dropResultQueryOptions, quarantineQueryOptions } from "../api/quarantine";
import type { Dropped, Quarantined, RunSummary } from "../api/types";
import { useFollowUp } from "../runs/useFollowUp";

type WhatWasDropped = {
  /** The backup that was verified. */
  backup: string;
  /** Figures of it; not known for a drop of an earlier start. */
  result: Dropped | null;
  /** The tenant, while it is in quarantine; `undefined` while nobody knows. */
  tenant: Quarantined | null | undefined;
};

/** What a drop has come to: its backup, and the tenant as long as it is in quarantine. Nothing for another run. */
export function useDropped(summary: RunSummary): WhatWasDropped | null {
  const dropped = summary.kind === "drop" && summary.done > 0;
  const { here } = useFollowUp(summary);
  const { data: result = null } = useQuery({ ...dropResultQueryOptions(summary.run), enabled: dropped });
  const { data: list } = useQuery({ ...quarantineQueryOptions(), enabled: dropped && here });
  const backup =
    result?.backup ?? summary.tenants.find((tenant) => tenant.outcome === "done")?.detail ?? null;
  if (!dropped || backup === null) return null;
  // The file is of this drop alone: whoever names it is the one that was dropped.
  const tenant = list === undefined ? undefined : (list.find((one) => one.backup === backup) ?? null);
  return { backup, result, tenant };
}
