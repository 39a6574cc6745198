import i18next from "i18next";
import { describe, expect, it } from "vitest";
import type { WorkbookCheck } from "../api/types";
import { changeLanguage } from "../i18n/i18n";
import { findingsOf, findingText, hasStructure, placeOf, verdictOf } from "./findings";

const check = (given: Partial<WorkbookCheck>): WorkbookCheck => ({
  path: "/a.xlsx",
  schema: "a",
  tenant: null,
  created: "",
  version: null,
  template: null,
  saved_by_another_program: false,
  intact: false,
  tables: [],
  problems: [],
  ...given,
});
const changed = (what: string) =>
  check({
    tables: [{ table: "t", rows: 1, digest: "", equal: false, changed: [{ sheet: "t", row: 2, what }] }],
  });

describe("the verdict on a workbook", () => {
  it("tells a file that was edited from one that is broken", () => {
    expect(verdictOf(check({ intact: true }))).toBe("intact");
    expect(verdictOf(check({ saved_by_another_program: true }))).toBe("saved");
    expect(verdictOf(changed("a cell was changed"))).toBe("changed");
    expect(verdictOf(changed("the checksum of a part differs"))).toBe("damaged");
    expect(verdictOf(changed("corrupt deflate stream"))).toBe("damaged");
    expect(verdictOf(check({ problems: ["sheet _structure: it is not what was written"] }))).toBe("changed");
  });

  it("knows when nothing can be made again", () => {
    expect(hasStructure(changed("a cell was changed"))).toBe(true);
    expect(hasStructure(check({ problems: ["sheet _structure: a cell cannot be read"] }))).toBe(false);
  });

  it("takes sheet and row out of core's sentence", () => {
    expect(placeOf("sheet a, b, row 12: a row is missing")).toEqual({
      sheet: "a, b",
      row: 12,
      what: "a row is missing",
    });
    expect(placeOf("no zip file")).toEqual({ sheet: "", row: 0, what: "no zip file" });
    expect(findingsOf(check({ problems: ["sheet x: it is not what was written"] }))).toHaveLength(1);
  });

  it("is said in the window's language", async () => {
    await changeLanguage("fr");
    const t = i18next.getFixedT("fr", "backups");
    expect(findingText(t, "2 rows of this sheet are missing; the first difference is here")).toContain(
      "Il manque 2 lignes",
    );
    expect(findingText(t, 'the heading of column "name" was changed')).toContain("colonne name");
    expect(findingText(t, "corrupt deflate stream")).toContain("corrupt deflate stream");
    await changeLanguage("en");
  });
});
