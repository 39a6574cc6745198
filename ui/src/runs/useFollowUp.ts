import { useQuery } from "@tanstack/react-query";
import { connectionQueryOptions } from "../api/connection";
import { runListQueryOptions } from "../api/runs";
import type { RunSummary } from "../api/types";
import { canGoOn, canUndo, databaseOf, undoneBy } from "./followUp";

/** What can still be done about a run that has ended. */
export function useFollowUp(summary: RunSummary) {
  const { data: connection } = useQuery(connectionQueryOptions());
  const { data: all = [] } = useQuery(runListQueryOptions());
  const undone = undoneBy(summary.run, all) !== null;
  const free = !undone && !all.some((entry) => entry.run === summary.run && entry.running);
  const goesOn = free && canGoOn(summary);
  const undoes = free && canUndo(summary);
  const here = connection ? databaseOf(connection) === summary.database : false;
  const allowed = here && !connection?.server.read_only;
  return {
    undone,
    /** It is a run of the open database. */
    here,
    /** The run's own database, where that has to be opened first. */
    elsewhere: !here && (goesOn || undoes) ? summary.database : null,
    canGoOn: goesOn && allowed,
    canUndo: undoes && allowed,
  };
}
