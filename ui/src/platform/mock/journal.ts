import type { JournalEntry, TenantSummary } from "../../api/types";
import { createRandom } from "./random";

/** Some weeks of operations, newest first. */
export function sampleJournal(fleet: readonly TenantSummary[]): JournalEntry[] {
  const random = createRandom(7);
  const operations = [
    "migrate_up",
    "export",
    "create",
    "profile_add",
    "migrate_up",
    "export",
    "profile_save",
    "profile_remove",
  ];
  const entries: JournalEntry[] = [];
  for (let number = 1; number <= 240; number += 1) {
    const operation = random.pick(operations);
    const local = operation.startsWith("profile_");
    entries.push({
      number,
      time: new Date(Date.now() - (241 - number) * 2_700_000).toISOString(),
      person: random.pick(["alix", "samira", "tom"]),
      computer: "poste-14",
      role: local ? null : "cadastre_admin",
      database: local ? null : "lycees @ edu-prod.example:5432",
      operation,
      subject: local ? "Lycées – production" : (fleet[random.between(0, fleet.length - 1)]?.schema ?? null),
      run: operation === "migrate_up" ? `run-${Math.ceil(number / 12)}` : null,
      outcome: random.chance(0.06) ? "failed" : "done",
      detail:
        operation === "migrate_up"
          ? 'done 1, skipped 0, failed 0, cancelled 0, not started 0\nalter table "consultants" add column "profile_picture_url" varchar(255)'
          : null,
      hash: (number * 2_654_435_761).toString(16).padStart(64, "0"),
    });
  }
  return entries.reverse();
}
