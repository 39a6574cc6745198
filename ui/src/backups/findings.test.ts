import i18next from "i18next";
import { describe, expect, it } from "vitest";
import type { ChangedCells, Finding, Remark, WorkbookCheck } from "../api/types";
import { changeLanguage } from "../i18n/i18n";
import { findingText, hasStructure, verdictOf } from "./findings";
import { remarkText } from "./remarks";

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
const at = (sheet: string, finding: Finding): ChangedCells => ({ sheet, row: 2, what: "…", finding });
const changed = (finding: Finding) =>
  check({ tables: [{ table: "t", rows: 1, digest: "", equal: false, changed: [at("t", finding)] }] });

describe("the verdict on a workbook", () => {
  it("tells a file that was edited from one that is broken", () => {
    expect(verdictOf(check({ intact: true }))).toBe("intact");
    expect(verdictOf(check({ saved_by_another_program: true }))).toBe("saved");
    expect(verdictOf(changed({ code: "cell_changed" }))).toBe("changed");
    expect(verdictOf(changed({ code: "part_damaged" }))).toBe("damaged");
    expect(verdictOf(changed({ code: "unreadable", reason: "corrupt deflate stream" }))).toBe("damaged");
    expect(verdictOf(check({ problems: [at("_structure", { code: "not_written" })] }))).toBe("changed");
  });

  it("knows when nothing can be made again", () => {
    expect(hasStructure(changed({ code: "cell_changed" }))).toBe(true);
    expect(hasStructure(check({ problems: [at("_structure", { code: "sheet_missing" })] }))).toBe(false);
  });

  it("is said in the window's language, every finding of core's and every remark", async () => {
    const findings: Finding[] = [
      ...(
        [
          "cell_changed",
          "rows_disordered",
          "row_missing",
          "sheet_missing",
          "cell_stray",
          "heading_stray",
          "headings_missing",
          "checks_missing",
          "not_written",
          "digest_differs",
          "cell_type",
          "part_damaged",
        ] as const
      ).map((code) => ({ code })),
      { code: "heading_changed", column: "§" },
      { code: "rows_added", rows: 17 },
      { code: "rows_missing", rows: 17 },
      { code: "row_count", found: 17, written: 18 },
      { code: "cell_error", column: "§", value: "#REF!" },
      { code: "no_date", column: "§", value: "§" },
      { code: "around_differs", reason: "§" },
      { code: "unreadable", reason: "§" },
    ];
    const remarks: Remark[] = [
      { code: "printed_otherwise", object: "§" },
      { code: "not_filled", object: "§", reason: "#" },
      { code: "never_finished", object: "§" },
      { code: "not_granted", object: "§", reason: "#" },
      { code: "triggers_off", table: "§" },
      { code: "rows_edited", table: "§" },
      { code: "names_source", object: "§", schema: "#" },
    ];
    for (const language of ["en", "fr"] as const) {
      await changeLanguage(language);
      const t = i18next.getFixedT(language, "backups");
      const said = [
        ...findings.map((finding) => findingText(t, finding)),
        ...remarks.map((remark) => remarkText(t, remark)),
      ];
      for (const [index, text] of said.entries()) {
        const facts = Object.entries([...findings, ...remarks][index] ?? {});
        for (const [name, value] of facts) if (name !== "code") expect(text).toContain(String(value));
        expect(text).not.toMatch(/^(finding|remark)\.|\{\{/);
      }
      expect(new Set(said).size).toBe(said.length);
    }
    await changeLanguage("en");
  });
});
