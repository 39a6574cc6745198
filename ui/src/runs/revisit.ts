import { useSyncExternalStore } from "react";
import type { Way } from "../api/runs";

type Revisit = { run: string; way: Way };

let current: Revisit | null = null;
const listeners = new Set<() => void>();

function show(next: Revisit | null): void {
  current = next;
  for (const listener of listeners) listener();
}

/** Shows the plan to finish a run, or to take it back, from wherever the run is shown. */
export const openRevisit = (run: string, way: Way) => show({ run, way });
export const closeRevisit = () => show(null);

/** Which plan is being shown. */
export const useRevisit = () => useSyncExternalStore(subscribe, () => current);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
