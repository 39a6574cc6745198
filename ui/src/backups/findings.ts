import type { TFunction } from "i18next";
import type { WorkbookCheck } from "../api/types";

/** What core says of a place in a workbook, by the form of its sentence: core's own words are English. */
const sentences = [
  ["changedCell", /^a cell was changed$/],
  ["changedHeading", /^the heading of column "(?<name>.*)" (?:was changed|differs)$/],
  ["addedRows", /^(?<count>\d+) rows were added to this sheet; the first difference is here$/],
  ["missingRows", /^(?<count>\d+) rows of this sheet are missing; the first difference is here$/],
  ["order", /^the rows are not in order$/],
  ["missingRow", /^a row is missing$/],
  ["rowCount", /^it has (?<count>\d+) rows of data, and the manifest says (?<name>\d+)$/],
  ["missingSheet", /^the sheet is missing$/],
  ["strayCell", /^(?:a cell|cell (?<name>\S+)) belongs to no column$/],
  ["strayHeading", /^there is a heading too many$/],
  ["noHeadings", /^there are no headings$/],
  ["noChecks", /^the sheet _checks says nothing about some of its rows$/],
  ["notWritten", /^it is not what was written$/],
  ["digest", /^the digest differs$/],
  ["otherType", /^a cell is not of its column's type$/],
  ["errorCell", /^column (?<name>.*) holds (?<value>#.*)$/],
  ["noDate", /^column (?<name>.*) holds (?<value>.*), which is no date$/],
  ["around", /^the file around the sheets is not what was written: (?<value>.*)$/],
  ["checksum", /^the checksum of a part differs$/],
] as const;

/** These say that the file itself is broken, not that somebody edited it. */
const broken: ReadonlySet<string> = new Set(["checksum", "unreadable", "around"]);

type Sentence = (typeof sentences)[number][0] | "unreadable";
type Understood = { code: Sentence; values: Record<string, string> };

/** What is in no other sentence is why something could not be read: of the zip file, its streams, its XML. */
function understand(what: string): Understood {
  for (const [code, form] of sentences) {
    const found = form.exec(what);
    if (found) return { code, values: { value: what, ...found.groups } };
  }
  return { code: "unreadable", values: { value: what } };
}

/** What is wrong at a place, in the window's language. */
export function findingText(t: TFunction<"backups">, what: string): string {
  const { code, values: found } = understand(what);
  const { count, ...values } = found;
  return t(`finding.${code}`, { ...values, name: values.name ?? "", count: Number(count ?? 1) });
}

/** `sheet people, row 12: …` taken apart; the sheet is empty where none is named. */
export function placeOf(problem: string): { sheet: string; row: number; what: string } {
  const found = /^sheet (?<sheet>.+?)(?:, row (?<row>\d+))?: (?<what>.*)$/.exec(problem);
  const { sheet = "", row = "0", what = problem } = found?.groups ?? {};
  return { sheet, row: Number(row), what };
}

/** A place in a workbook that is not what was written. */
export type Finding = { sheet: string; row: number; what: string };

/** Everything that is not what was written, in the order of the sheets. */
export function findingsOf(check: WorkbookCheck): Finding[] {
  return [
    ...check.problems.map(placeOf),
    ...check.tables.flatMap((table) => table.changed.map(({ sheet, row, what }) => ({ sheet, row, what }))),
  ];
}

/** What became of the file since it was written. */
export type Verdict = "intact" | "saved" | "changed" | "damaged";

export function verdictOf(check: WorkbookCheck): Verdict {
  if (check.intact) return "intact";
  const findings = findingsOf(check);
  if (findings.some(({ what }) => broken.has(understand(what).code))) return "damaged";
  return findings.length === 0 && check.saved_by_another_program ? "saved" : "changed";
}

/** The structure can be read as it was written: without it nothing can be made again. */
export const hasStructure = (check: WorkbookCheck) =>
  !findingsOf(check).some(({ sheet }) => sheet === "_structure" || sheet === "_manifest");
