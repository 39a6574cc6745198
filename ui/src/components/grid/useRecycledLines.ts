import type { Virtualizer } from "@tanstack/react-virtual";
import { useState } from "react";

/** A line that is drawn: which one, where it stands in pixels, and the element that shows it. */
export type DrawnLine = { index: number; top: number; slot: number };

/**
 * The lines to draw, of one height and always as many. A line that leaves the view gives its element to the one that
 * comes into view at the other end: to change an element is much less work than to make one. While somebody scrolls,
 * the elements keep their order, because moving them is work as well; at rest they stand in the order of the lines, as
 * they are read aloud.
 */
export function useRecycledLines(virtual: Virtualizer<HTMLDivElement, Element>): DrawnLine[] {
  const { count, estimateSize, overscan } = virtual.options;
  const height = estimateSize(0);
  const items = virtual.getVirtualItems();
  const room = Math.ceil((virtual.scrollRect?.height ?? 0) / height) + 1 + 2 * overscan;
  const slots = Math.min(count, Math.max(items.length, room));
  const first = Math.max(0, Math.min(items[0]?.index ?? 0, count - slots));
  const [base, setBase] = useState(first);
  if (!virtual.isScrolling && base !== first) setBase(first);
  const order = (index: number) => (((index - base) % slots) + slots) % slots;
  return Array.from({ length: slots }, (_, place) => {
    const index = first + place;
    return { index, top: index * height, slot: index % slots };
  }).sort((a, b) => order(a.index) - order(b.index));
}
