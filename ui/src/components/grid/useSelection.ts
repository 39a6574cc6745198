import { useCallback, useRef } from "react";

/** Which rows are selected, by id. */
export type Selection = ReadonlySet<string>;

export const nothingSelected: Selection = new Set();

/** Changes of a selection, with ranges from the row that was touched last. */
export function useSelection(
  ids: readonly string[],
  selected: Selection,
  onSelect: (next: Selection) => void,
) {
  const anchor = useRef<number | null>(null);

  const toggle = useCallback(
    (index: number, extend: boolean) => {
      const id = ids[index];
      if (id === undefined) return;
      const on = !selected.has(id);
      const next = new Set(selected);
      const from = extend && anchor.current !== null ? anchor.current : index;
      for (const inside of ids.slice(Math.min(from, index), Math.max(from, index) + 1)) {
        if (extend || on) next.add(inside);
        else next.delete(inside);
      }
      anchor.current = index;
      onSelect(next);
    },
    [ids, selected, onSelect],
  );

  /** Adds everything between the anchor and this row. */
  const extendTo = useCallback(
    (from: number, index: number) => {
      anchor.current ??= from;
      const start = anchor.current;
      const next = new Set(selected);
      for (const inside of ids.slice(Math.min(start, index), Math.max(start, index) + 1)) next.add(inside);
      onSelect(next);
    },
    [ids, selected, onSelect],
  );

  const toggleAll = useCallback(() => {
    const all = ids.length > 0 && ids.every((id) => selected.has(id));
    anchor.current = null;
    onSelect(all ? nothingSelected : new Set(ids));
  }, [ids, selected, onSelect]);

  const clear = useCallback(() => {
    anchor.current = null;
    if (selected.size === 0) return false;
    onSelect(nothingSelected);
    return true;
  }, [selected, onSelect]);

  return { toggle, extendTo, toggleAll, clear };
}
