import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { Settings } from "./types";

export const settingsQueryOptions = () =>
  queryOptions({
    queryKey: ["settings"],
    queryFn: () => unwrap(commands.settingsGet()),
    staleTime: Number.POSITIVE_INFINITY,
    meta: { tags: ["settings"] },
  });

/** Changes some settings; the window shows the change at once and takes it back when it could not be kept. */
export function useChangeSettings() {
  const client = useQueryClient();
  const { queryKey } = settingsQueryOptions();
  return useMutation({
    mutationFn: async (change: Partial<Settings>) => {
      const current = await client.ensureQueryData(settingsQueryOptions());
      await unwrap(commands.settingsSet({ ...current, ...change }));
    },
    onMutate: (change) => {
      const before = client.getQueryData(queryKey);
      if (before) client.setQueryData(queryKey, { ...before, ...change });
      return { before };
    },
    onError: (_error, _change, context) => {
      if (context?.before) client.setQueryData(queryKey, context.before);
    },
    meta: { failure: "failure.settings", stale: ["settings"] },
  });
}
