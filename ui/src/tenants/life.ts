import { useSyncExternalStore } from "react";
import { onDatabaseLeft } from "../api/client";
import type { Quarantined } from "../api/types";

/** A tenant that a dialog is about. */
export type Named = { schema: string; name: string };

/** What somebody is about to do with a tenant; closing and opening, also with several. */
export type LifeStep =
  | { step: "clone" | "drop" | "rename"; tenant: Named }
  | { step: "deactivate" | "activate"; tenant: Named; tenants: readonly Named[] }
  | { step: "move"; tenant: Named; objects: readonly string[] }
  | { step: "moveBack"; tenant: Named; run: string }
  | { step: "undrop" | "purge"; tenant: Quarantined };

let current: LifeStep | null = null;
const listeners = new Set<() => void>();

function show(next: LifeStep | null): void {
  current = next;
  for (const listener of listeners) listener();
}

/** Opens the dialog of a step, from wherever the tenant is shown. */
export const openLifeStep = (step: LifeStep) => show(step);
export const closeLifeStep = () => show(null);

// A tenant of that name in another database is another one.
onDatabaseLeft(closeLifeStep);

/** Which dialog is open. */
export const useLifeStep = () => useSyncExternalStore(subscribe, () => current);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
