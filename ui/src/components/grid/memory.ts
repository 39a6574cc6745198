import type { ColumnSizingState, ColumnVisibilityState, SortingState } from "@tanstack/react-table";
import { useEffect, useState } from "react";

/** What a person arranged in a grid, kept on this computer under the grid's name. */
export type Arrangement = {
  sorting: SortingState;
  widths: ColumnSizingState;
  /** Only what a person chose; the other columns follow their own default. */
  visibility: ColumnVisibilityState;
};

const storageKey = (grid: string) => `cadastre.grid.${grid}`;

function read(grid: string): Partial<Arrangement> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey(grid)) ?? "{}");
    return typeof stored === "object" && stored !== null ? (stored as Partial<Arrangement>) : {};
  } catch {
    return {};
  }
}

/** The arrangement of a grid, remembered from one start to the next. */
export function useArrangement(grid: string, initial: Arrangement) {
  const [arrangement, setArrangement] = useState<Arrangement>(() => ({ ...initial, ...read(grid) }));
  useEffect(() => {
    try {
      localStorage.setItem(storageKey(grid), JSON.stringify(arrangement));
    } catch {
      // A full or forbidden storage only means that the arrangement is not remembered.
    }
  }, [grid, arrangement]);
  return [arrangement, setArrangement] as const;
}
