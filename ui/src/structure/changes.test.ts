import { describe, expect, it } from "vitest";
import type { StructureChange } from "../api/types";
import { className, groupChanges, markDifference } from "./changes";

const change = (given: Partial<StructureChange>): StructureChange => ({
  kind: "column",
  parent: null,
  name: "x",
  change: "removed",
  property: null,
  before: null,
  after: null,
  ...given,
});
const marked = (before: string, after: string) =>
  markDifference(before, after).map((pieces) =>
    pieces.map((piece) => (piece.marked ? `[${piece.text}]` : piece.text)).join(""),
  );

describe("changes", () => {
  it("stand under their table, tables before types and functions", () => {
    const groups = groupChanges(
      [
        change({ kind: "function", name: "f(integer)" }),
        change({ kind: "enum", name: "mood" }),
        change({ kind: "index", parent: "users", name: "users_email" }),
        change({ kind: "table", name: "users", property: "comment" }),
        change({ kind: "column", parent: "companies", name: "city" }),
        change({ kind: "statistics", name: "alone" }),
      ],
      (a, b) => a.localeCompare(b),
    );
    expect(groups.map((group) => [group.relation ?? group.section, group.changes.length])).toEqual([
      ["companies", 1],
      ["users", 2],
      ["types", 1],
      ["routines", 1],
      ["others", 1],
    ]);
  });
});

describe("the marked difference", () => {
  it("is the words between the first and the last that are not the same", () => {
    expect(marked("numeric(8,2)", "numeric(10,2)")).toEqual(["numeric([8],2)", "numeric([10],2)"]);
    expect(marked("a integer", "an integer")).toEqual(["[a] integer", "[an] integer"]);
    expect(marked("check (x > 0)", "check (x > 0 and y)")).toEqual([
      "check (x > 0)",
      "check (x > 0[ and y])",
    ]);
  });

  it("is nothing where all of it is another text, and leaves letters of two halves whole", () => {
    expect(marked("text", "integer")).toEqual(["text", "integer"]);
    expect(marked("say 😀!", "say 😁!")).toEqual(["say [😀]!", "say [😁]!"]);
  });
});

it("names classes as columns of a sheet are named", () => {
  expect([0, 25, 26, 701, 702].map(className)).toEqual(["A", "Z", "AA", "ZZ", "AAA"]);
});
