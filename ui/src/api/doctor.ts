import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands, type DoctorReport_Deserialize } from "../bindings";
import { createChannel } from "../platform/channel";
import { whileKept } from "./client";
import { unwrap } from "./error";
import type { DoctorReport, FixRequest } from "./types";

/** What an examination that still goes on has found: the checks that are over. */
export const doctorPartsQueryOptions = () =>
  queryOptions<DoctorReport | null>({
    queryKey: ["doctor", "parts"],
    queryFn: () => null,
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
    meta: { tags: ["connection", "doctor"] },
  });

const joined = (one: DoctorReport, other: DoctorReport): DoctorReport => ({
  ...other,
  findings: [...one.findings, ...other.findings],
  checks_run: [...one.checks_run, ...other.checks_run],
  not_checked: [...one.not_checked, ...other.not_checked],
});

/** What the doctor finds in the open database. It looks at every tenant, so it is not asked again by itself. */
export const doctorQueryOptions = () =>
  queryOptions({
    queryKey: ["doctor"],
    queryFn: ({ client, queryKey: own }) => {
      const { queryKey } = doctorPartsQueryOptions();
      const kept = whileKept(client, own);
      let known: DoctorReport | null = null;
      client.setQueryData(queryKey, known);
      const parts = createChannel<DoctorReport_Deserialize>((event) => {
        if (!kept()) return;
        const part = event as DoctorReport;
        known = known ? joined(known, part) : part;
        client.setQueryData(queryKey, known);
      });
      return unwrap(commands.doctorExamine(parts));
    },
    meta: { tags: ["connection", "doctor"] },
    staleTime: 5 * 60_000,
  });

export function usePlanFix() {
  return useMutation({
    mutationFn: (request: FixRequest) => unwrap(commands.doctorFixPlan(request)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

/** Applies a plan to repair findings; returns the run's id. */
export function useApplyFix() {
  return useMutation({
    mutationFn: (plan: string) => unwrap(commands.doctorFixApply(plan)),
    meta: { failure: "failure.repair", quiet: true, stale: ["runs"] },
  });
}
