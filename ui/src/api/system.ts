import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";

export const aboutQueryOptions = () =>
  queryOptions({
    queryKey: ["about"],
    queryFn: () => unwrap(commands.about()),
    staleTime: Number.POSITIVE_INFINITY,
    meta: { tags: [] },
  });

/** The system's dialog to choose a folder; `null` when it was closed. */
export function usePickFolder() {
  return useMutation({
    mutationFn: (title: string) => unwrap(commands.pickFolder(title)),
    meta: { failure: "failure.dialog" },
  });
}

/** The system's dialog to choose a file; `null` when it was closed. */
export function usePickFile() {
  return useMutation({
    mutationFn: (title: string) => unwrap(commands.pickFile(title)),
    meta: { failure: "failure.dialog" },
  });
}
