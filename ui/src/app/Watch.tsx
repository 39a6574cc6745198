import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import i18next from "i18next";
import { useEffect } from "react";
import { invalidateTags, listenToFailures, type Tag } from "../api/client";
import { asApiError } from "../api/error";
import { activeRunsQueryOptions } from "../api/runs";
import type { RunKind } from "../api/types";
import { errorText } from "../components/error/errorText";
import { followRun, onRunEnd } from "../runs/store";

/** What a finished run has made stale. */
const staleAfter: Record<RunKind, readonly Tag[]> = {
  create: ["tenants", "sizes", "migrations", "stats", "runs", "journal"],
  migrate_up: ["tenants", "tables", "rows", "migrations", "stats", "runs", "journal"],
  migrate_down: ["tenants", "tables", "rows", "migrations", "stats", "runs", "journal"],
  export: ["runs", "journal", "settings"],
};

/** Keeps the window true: follows runs that were under way before a reload, rereads what a run changed, shows failures. */
export function Watch() {
  const client = useQueryClient();
  const { data: active } = useQuery(activeRunsQueryOptions());

  useEffect(() => {
    for (const progress of active ?? []) void followRun(progress.run).catch(() => {});
  }, [active]);

  useEffect(() => onRunEnd((summary) => void invalidateTags(client, staleAfter[summary.kind])), [client]);

  useEffect(
    () =>
      listenToFailures((title, thrown) => {
        const text = errorText(asApiError(thrown).wire);
        notifications.show({
          title: i18next.t(title, { ns: "errors" }),
          message: text.hint ? `${text.title} ${text.hint}` : text.title,
          color: "bad",
          closeButtonProps: { "aria-label": i18next.t("action.close") },
          autoClose: 12_000,
        });
      }),
    [],
  );

  return null;
}
