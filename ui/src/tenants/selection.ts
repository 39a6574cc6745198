import { useSyncExternalStore } from "react";
import { nothingSelected, type Selection } from "../components/grid/useSelection";

let selection: Selection = nothingSelected;
const listeners = new Set<() => void>();

/** The tenants that are selected in the list, by schema. Kept while the window shows other places. */
export function useTenantSelection(): readonly [Selection, (next: Selection) => void] {
  return [useSyncExternalStore(subscribe, () => selection), selectTenants];
}

export function selectTenants(next: Selection): void {
  selection = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
