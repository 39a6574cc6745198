import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { ExportRequest } from "./types";

/** Starts writing one workbook per tenant; returns the run's id. */
export function useStartExport() {
  return useMutation({
    mutationFn: (request: ExportRequest) => unwrap(commands.exportStart(request)),
    meta: { failure: "failure.export", quiet: true, stale: ["runs", "settings"] },
  });
}

/** The files that a finished export wrote. */
export const exportedFilesQueryOptions = (run: string) =>
  queryOptions({
    queryKey: ["exported-files", run],
    queryFn: () => unwrap(commands.exportFiles(run)),
    meta: { tags: ["runs"] },
  });

/** Shows a written file in the system's file manager. */
export function useRevealExport() {
  return useMutation({
    mutationFn: (path: string) => unwrap(commands.exportReveal(path)),
    meta: { failure: "failure.reveal" },
  });
}
