import type { TFunction } from "i18next";
import type { ChangedCells, Finding, WorkbookCheck } from "../api/types";

/** These say that the file itself is broken, not that somebody edited it. */
const broken: ReadonlySet<Finding["code"]> = new Set(["part_damaged", "unreadable", "around_differs"]);

/** What is wrong at a place, in the window's language. */
export function findingText(t: TFunction<"backups">, finding: Finding): string {
  switch (finding.code) {
    case "rows_added":
    case "rows_missing":
      return t(`finding.${finding.code}`, { count: finding.rows });
    case "row_count":
      return t("finding.row_count", { count: finding.found, written: finding.written });
    case "heading_changed":
      return t("finding.heading_changed", { column: finding.column });
    case "cell_error":
    case "no_date":
      return t(`finding.${finding.code}`, { column: finding.column, value: finding.value });
    case "around_differs":
    case "unreadable":
      return t(`finding.${finding.code}`, { reason: finding.reason });
    default:
      return t(`finding.${finding.code}`);
  }
}

/** Everything that is not what was written, in the order of the sheets. */
export function findingsOf(check: WorkbookCheck): ChangedCells[] {
  return [...check.problems, ...check.tables.flatMap((table) => table.changed)];
}

/** What became of the file since it was written. */
export type Verdict = "intact" | "saved" | "changed" | "damaged";

export function verdictOf(check: WorkbookCheck): Verdict {
  if (check.intact) return "intact";
  const findings = findingsOf(check);
  if (findings.some(({ finding }) => broken.has(finding.code))) return "damaged";
  return findings.length === 0 && check.saved_by_another_program ? "saved" : "changed";
}

/** The structure can be read as it was written: without it nothing can be made again. */
export const hasStructure = (check: WorkbookCheck) =>
  !findingsOf(check).some(({ sheet }) => sheet === "_structure" || sheet === "_manifest");
