import { queryOptions } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";

/** How long what was found is believed. */
const every = 5 * 60_000;

/** What is beyond its threshold in the open database. Asked again by itself, also while the window is in the background. */
export const alertsQueryOptions = () =>
  queryOptions({
    queryKey: ["alerts"],
    queryFn: () => unwrap(commands.alertsRaised()),
    meta: { tags: ["connection", "alerts"] },
    staleTime: every,
    refetchInterval: every,
    refetchIntervalInBackground: true,
  });

/** Has the desktop tell something while the window is not in front. */
export const notify = (title: string, body: string) => unwrap(commands.notify(title, body));
