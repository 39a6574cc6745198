import type { KeyboardEvent } from "react";
import { hasModifier } from "../platform/keys";
import { fold } from "../tenants/search";
import type { Parcel } from "./category";
import { type Boxes, type Heading, neighbour } from "./layout";

type MapKeys = {
  boxes: Boxes;
  parcels: readonly Parcel[];
  cursor: number;
  move: (index: number) => void;
  open: () => void;
  enter: () => void;
  toggle: () => void;
  selectAll: () => void;
  /** One level up, or the selection away; false when there was nothing to leave. */
  leave: () => boolean;
  copy: () => void;
  menu: () => void;
  /** What was typed so far, with this sign. */
  typed: (sign: string) => string;
};

const headings: Record<string, Heading> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/** The keyboard of a map. */
export function handleMapKey(event: KeyboardEvent, keys: MapKeys): void {
  const { parcels, boxes, cursor } = keys;
  if (parcels.length === 0 || event.altKey) return;
  const modifier = hasModifier(event);
  const heading = headings[event.key];
  const letter = event.key.toLowerCase();
  if (heading) keys.move(neighbour(boxes, cursor, heading));
  else if (event.key === "Home") keys.move(0);
  else if (event.key === "End") keys.move(parcels.length - 1);
  else if (event.key === "Enter") keys.open();
  else if (event.key === "+") keys.enter();
  else if (event.key === " ") keys.toggle();
  else if (modifier && letter === "a") keys.selectAll();
  else if (modifier && letter === "c") keys.copy();
  else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) keys.menu();
  else if (event.key === "Escape" || event.key === "-") {
    if (!keys.leave()) return;
    event.stopPropagation();
  } else if (!modifier && !event.ctrlKey && event.key.length === 1 && /[\p{L}\p{N}]/u.test(event.key)) {
    const found = findTyped(parcels, cursor, keys.typed(event.key));
    if (found >= 0) keys.move(found);
  } else return;
  event.preventDefault();
}

/**
 * The next parcel whose name begins with what was typed, or has it anywhere; -1 when there is none. A first letter leads on
 * from the parcel that has the keyboard; more letters may stay there.
 */
export function findTyped(parcels: readonly Parcel[], cursor: number, typed: string): number {
  const wanted = fold(typed);
  const names = parcels.map((parcel) => fold(parcel.name));
  const from = typed.length > 1 ? cursor : cursor + 1;
  const look = (fits: (name: string) => boolean) => {
    for (let step = 0; step < parcels.length; step += 1) {
      const index = (from + step) % parcels.length;
      if (fits(names[index] ?? "")) return index;
    }
    return -1;
  };
  const first = look((name) => name.startsWith(wanted));
  return first >= 0 ? first : look((name) => name.includes(wanted));
}
