import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { invalidateTags, listenToFailures, type Tag } from "../api/client";
import { asApiError } from "../api/error";
import { activeRunsQueryOptions } from "../api/runs";
import type { RunKind } from "../api/types";
import { errorText } from "../components/error/errorText";
import { showNotice, useNoticesInLanguage } from "../components/notice/notice";
import { followRun, onRunEnd } from "../runs/store";

/** What a finished run has made stale. */
const staleAfter: Record<RunKind, readonly Tag[]> = {
  create: ["tenants", "sizes", "migrations", "stats", "structure", "runs", "journal"],
  migrate_up: ["tenants", "tables", "rows", "migrations", "stats", "structure", "runs", "journal"],
  migrate_down: ["tenants", "tables", "rows", "migrations", "stats", "structure", "runs", "journal"],
  export: ["tenants", "runs", "journal", "settings"],
  drop: ["tenants", "sizes", "migrations", "stats", "structure", "runs", "journal"],
  undrop: ["tenants", "sizes", "migrations", "stats", "structure", "runs", "journal"],
  purge: ["tenants", "sizes", "runs", "journal"],
  backup: ["tenants", "archives", "runs", "journal", "settings"],
  verify_backup: ["archives", "runs", "journal"],
  restore: ["tenants", "sizes", "archives", "migrations", "stats", "structure", "runs", "journal"],
  clone: ["tenants", "sizes", "migrations", "stats", "structure", "runs", "journal"],
  rename: ["tenants", "sizes", "migrations", "stats", "structure", "runs", "journal", "registry"],
  deactivate: ["tenants", "runs", "journal", "registry"],
  activate: ["tenants", "runs", "journal", "registry"],
  set: ["tenants", "runs", "journal", "registry"],
  repair: ["tenants", "doctor", "sizes", "tables", "migrations", "stats", "structure", "runs", "journal"],
  maintain: ["tenants", "stats", "sizes", "runs", "journal"],
  check: ["runs", "journal"],
  end_sessions: ["activity", "runs", "journal"],
  cancel_statements: ["activity", "runs", "journal"],
  move: [
    "tenants",
    "doctor",
    "sizes",
    "tables",
    "rows",
    "migrations",
    "stats",
    "structure",
    "runs",
    "journal",
  ],
  install_registry: ["tenants", "runs", "journal", "registry"],
  routing: ["registry", "runs", "journal"],
};

/** Keeps the window true: follows runs that were under way before a reload, rereads what a run changed, shows failures. */
export function Watch() {
  const client = useQueryClient();
  const { data: active } = useQuery(activeRunsQueryOptions());
  useNoticesInLanguage();

  useEffect(() => {
    for (const progress of active ?? []) void followRun(progress.run).catch(() => {});
  }, [active]);

  useEffect(
    () => onRunEnd((summary) => void invalidateTags(client, [...staleAfter[summary.kind], "alerts"])),
    [client],
  );

  useEffect(
    () =>
      listenToFailures((title, thrown) => {
        const { wire } = asApiError(thrown);
        showNotice({
          title: (t) => t(`errors:${title}`),
          message: () => {
            const text = errorText(wire);
            return text.hint ? `${text.title} ${text.hint}` : text.title;
          },
          tone: "bad",
          stays: 12_000,
        });
      }),
    [],
  );

  return null;
}
