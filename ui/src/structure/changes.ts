import type { StructureChange } from "../api/types";

/** Where a change is listed: under its table or view, or with others of its sort. */
export type ChangeGroup = {
  key: string;
  relation: string | null;
  section: Section;
  changes: StructureChange[];
};
export const sections = ["relation", "types", "routines", "sequences", "schema", "others"] as const;
export type Section = (typeof sections)[number];

export type Direction = "added" | "removed" | "changed";

/** Seen from the reference. Codes cross the bridge as text. */
export const directionOf = (change: StructureChange): Direction =>
  change.change === "added" || change.change === "removed" ? change.change : "changed";

function sectionOf({ kind, parent }: StructureChange): Section {
  switch (kind) {
    case "table":
    case "foreign_table":
    case "view":
    case "materialized_view":
      return "relation";
    case "enum":
    case "domain":
    case "domain_constraint":
    case "composite_type":
    case "range_type":
      return "types";
    case "function":
    case "procedure":
    case "aggregate":
      return "routines";
    case "sequence":
      return "sequences";
    case "schema":
      return "schema";
    default:
      return parent === null ? "others" : "relation";
  }
}

/** Changes by table, in the order of the language; then types, functions and what else there is. */
export function groupChanges(
  changes: readonly StructureChange[],
  compare: (a: string, b: string) => number,
): ChangeGroup[] {
  const groups = new Map<string, ChangeGroup>();
  for (const change of changes) {
    const section = sectionOf(change);
    const relation = section === "relation" ? (change.parent ?? change.name) : null;
    const key = relation === null ? section : `relation ${relation}`;
    const group = groups.get(key) ?? { key, relation, section, changes: [] };
    group.changes.push(change);
    groups.set(key, group);
  }
  return [...groups.values()].sort(
    (a, b) =>
      sections.indexOf(a.section) - sections.indexOf(b.section) ||
      compare(a.relation ?? "", b.relation ?? ""),
  );
}

/** What PostgreSQL does where a property was not set: the key of its word. */
export const absentWord = (change: StructureChange) =>
  change.property === "not_null" ? "diff.nullable" : "diff.notSet";

export function countDirections(changes: readonly StructureChange[]): Record<Direction, number> {
  const counts = { added: 0, removed: 0, changed: 0 };
  for (const change of changes) counts[directionOf(change)] += 1;
  return counts;
}

/** Text in pieces, of which the marked ones are not in the other text. */
export type Piece = { text: string; marked: boolean };

const inWord = /[\p{L}\p{M}\p{N}_]/u;

/** Two texts with what is not the same in them, from the first to the last difference, in whole words. */
export function markDifference(before: string, after: string): [Piece[], Piece[]] {
  const [left, right] = [[...before], [...after]];
  const least = Math.min(left.length, right.length);
  let start = 0;
  while (start < least && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < least - start && left[left.length - 1 - end] === right[right.length - 1 - end]) end += 1;
  const splitsWord = (at: number) =>
    [left, right].some((text) => inWord.test(text[at - 1] ?? "") && inWord.test(text[at] ?? ""));
  while (start > 0 && splitsWord(start)) start -= 1;
  while (
    end > 0 &&
    [left, right].some(
      (text) => inWord.test(text[text.length - end - 1] ?? "") && inWord.test(text[text.length - end] ?? ""),
    )
  ) {
    end -= 1;
  }
  const pieces = (text: string[]): Piece[] =>
    [
      { text: text.slice(0, start).join(""), marked: false },
      { text: text.slice(start, text.length - end).join(""), marked: start + end > 0 },
      { text: text.slice(text.length - end).join(""), marked: false },
    ].filter((piece) => piece.text !== "");
  return [pieces(left), pieces(right)];
}

/** `A` … `Z`, `AA` …: a name for each class, in the order in which they are listed. */
export function className(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : className(Math.floor(index / 26) - 1) + letter;
}
