import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { backupCheckQueryOptions, quarantineBackupsQueryOptions } from "../api/quarantine";
import type { BackupCheck, BackupState, Quarantined } from "../api/types";

/** What is known of the backups, by schema in quarantine: whether they are there, and what was found in those that were read. */
export function useBackupChecks(tenants: readonly Quarantined[]): ReadonlyMap<string, BackupState> {
  const { data: looked } = useQuery({ ...quarantineBackupsQueryOptions(), enabled: tenants.length > 0 });
  const read = useQueries({
    // Whoever shows one has it read; here it is only known of.
    queries: tenants.map((tenant) => ({ ...backupCheckQueryOptions(tenant.schema), enabled: false })),
    combine: statesOf,
  });
  return useMemo(
    () =>
      new Map(
        (looked ?? []).map(({ schema, state }) => [
          schema,
          state === "present" ? (read.get(schema) ?? state) : state,
        ]),
      ),
    [looked, read],
  );
}

const statesOf = (answers: readonly { data: BackupCheck | undefined }[]) =>
  new Map(answers.flatMap(({ data }) => (data ? [[data.schema, data.state] as const] : [])));
