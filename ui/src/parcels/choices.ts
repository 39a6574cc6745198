import { useEffect, useState } from "react";

/** What the areas of the map stand for. */
export const areas = ["size", "rows"] as const;
export type Area = (typeof areas)[number];

/** What the colours of the map stand for. */
export const hues = ["state", "version", "shape", "growth", "quota", "backup"] as const;
export type Hue = (typeof hues)[number];

export type MapChoices = { view: "list" | "plan"; area: Area; hue: Hue; asTable: boolean };

const usual: MapChoices = { view: "list", area: "size", hue: "state", asTable: false };
const storageKey = "cadastre.plan";

function read(): MapChoices {
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey) ?? "{}") as Partial<MapChoices> | null;
    return {
      view: stored?.view === "plan" ? "plan" : "list",
      area: areas.find((area) => area === stored?.area) ?? usual.area,
      hue: hues.find((hue) => hue === stored?.hue) ?? usual.hue,
      asTable: stored?.asTable === true,
    };
  } catch {
    return usual;
  }
}

/** How a person looks at the fleet, remembered from one start to the next. */
export function useMapChoices() {
  const [choices, setChoices] = useState(read);
  useEffect(() => {
    try {
      localStorage.setItem(storageKey, JSON.stringify(choices));
    } catch {
      // A full or forbidden storage only means that the choice is not remembered.
    }
  }, [choices]);
  const choose = (change: Partial<MapChoices>) => setChoices((before) => ({ ...before, ...change }));
  return [choices, choose] as const;
}
