import { notifyManager } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { onDatabaseLeft } from "../api/client";
import { nothingSelected, type Selection } from "../components/grid/useSelection";

let selection: Selection = nothingSelected;
const listeners = new Set<() => void>();

// A schema of the same name in another database is another tenant. Who shows the selection hears of it after the loss of the
// connection itself, so that no page of the last database reads it once more.
onDatabaseLeft(() => {
  selection = nothingSelected;
  notifyManager.schedule(tell);
});

/** The tenants that are selected in the list, by schema. Kept while the window shows other places of the same database. */
export function useTenantSelection(): readonly [Selection, (next: Selection) => void] {
  return [useSyncExternalStore(subscribe, () => selection), selectTenants];
}

export function selectTenants(next: Selection): void {
  selection = next;
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
