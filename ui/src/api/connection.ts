import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { commands } from "../bindings";
import { createChannel } from "../platform/channel";
import { forgetDatabase } from "./client";
import { unwrap } from "./error";
import { tenantListQueryOptions } from "./tenants";
import type { DemoEvent, OpenConnection } from "./types";

/** What the window is connected to; `null` when nothing is open. */
export const connectionQueryOptions = () =>
  queryOptions({
    queryKey: ["connection"],
    queryFn: () => unwrap(commands.connectionCurrent()),
    staleTime: Number.POSITIVE_INFINITY,
    meta: { tags: ["connection"] },
  });

export const demoStatusQueryOptions = () =>
  queryOptions({
    queryKey: ["demo"],
    queryFn: () => unwrap(commands.demoStatus()),
    meta: { tags: ["demo"] },
  });

function useOpened() {
  const client = useQueryClient();
  return (open: OpenConnection | null) => {
    client.setQueryData(connectionQueryOptions().queryKey, open);
    forgetDatabase(client);
    // What the window shows next, asked for before it is there to ask.
    if (open) void client.prefetchQuery(tenantListQueryOptions());
  };
}

/** Opens a profile. The caller shows its errors: most of them want an answer, not a message. */
export function useConnect() {
  const opened = useOpened();
  return useMutation({
    mutationFn: (to: { profile: string; password: string | null; remember: boolean }) =>
      unwrap(commands.connect(to.profile, to.password, to.remember)),
    onSuccess: opened,
    meta: { failure: "failure.connect", quiet: true, stale: ["profiles", "journal"] },
  });
}

export function useDisconnect() {
  const opened = useOpened();
  return useMutation({
    mutationFn: () => unwrap(commands.disconnect()),
    onSuccess: () => opened(null),
    meta: { failure: "failure.disconnect", stale: ["journal"] },
  });
}

/** Starts the demo's private server and opens its database. */
export function useDemoStart(onEvent: (event: DemoEvent) => void) {
  const opened = useOpened();
  return useMutation({
    mutationFn: () => unwrap(commands.demoStart(createChannel(onEvent))),
    onSuccess: opened,
    meta: { failure: "failure.demo", quiet: true, stale: ["demo", "journal"] },
  });
}

export function useDemoStop() {
  const opened = useOpened();
  return useMutation({
    mutationFn: () => unwrap(commands.demoStop()),
    onSuccess: () => opened(null),
    meta: { failure: "failure.demoStop", stale: ["demo", "journal"] },
  });
}
