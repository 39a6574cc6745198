/** A colour of the window that a parcel can take; see tokens.css. */
export type Tone = "accent" | "info" | "warn" | "bad" | "faint" | `series-${2 | 3 | 4 | 5 | 6 | 7 | 8}`;

/** A hatching, so that colours are not needed to tell categories apart. */
export type Mark = "plain" | "rising" | "falling" | "dots" | "cross" | "level" | "upright" | "bricks";

/** What some of the parcels have in common, with the look that says so. */
export type Category = { key: string; label: string; tone: Tone; mark: Mark };

/** A plot of the map. */
export type Parcel = {
  id: string;
  name: string;
  /** What its area stands for. */
  value: number;
  /** The same as it is written. */
  figure: string;
  /** Its place among the categories. */
  category: number;
};

/** The largest first; equal ones by name, so that they stay where they are. */
export function arrange<T extends Parcel>(parcels: readonly T[]): T[] {
  return [...parcels].sort((a, b) => b.value - a.value || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** How many parcels are of each category. */
export function countCategories(parcels: readonly Parcel[], categories: readonly Category[]): number[] {
  const counts = categories.map(() => 0);
  for (const { category } of parcels) counts[category] = (counts[category] ?? 0) + 1;
  return counts;
}

const looks: readonly [Tone, Mark][] = [
  ["accent", "plain"],
  ["series-2", "rising"],
  ["series-3", "falling"],
  ["series-4", "cross"],
  ["series-5", "dots"],
  ["series-6", "level"],
  ["series-7", "upright"],
  ["series-8", "bricks"],
];

/** As many looks as can be told apart. */
export const distinctLooks = looks.length;

/** The look of the category at this place, where no category is better than another. */
export function lookOf(index: number): { tone: Tone; mark: Mark } {
  const [tone, mark] = looks[index % looks.length] ?? (["accent", "plain"] as const);
  return { tone, mark };
}
