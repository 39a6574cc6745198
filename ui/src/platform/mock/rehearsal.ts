import type { Direction, Plan, Rehearsal, RehearsedClass } from "../../api/types";
import { check, migrations } from "./plans";
import { refuse } from "./refuse";

/** What trying a plan out would show: the fifth migration has no way back, one class was changed by hand. */
export function rehearsalOf(plan: Plan): Rehearsal {
  const way = plan.kind === "migrate_up" ? "up" : "down";
  const moving = plan.tenants.filter((tenant) => tenant.skipped === null);
  const groups = new Map<string, string[]>();
  for (const { schema, steps } of moving) {
    const key = steps.join();
    groups.set(key, [...(groups.get(key) ?? []), schema]);
  }
  const classes = [...groups]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([key, members], index) =>
      index === 2 ? failed(way, key.split(","), members) : passed(way, key.split(","), members),
    );
  return {
    classes,
    tenants: moving.length,
    notes: [
      check(
        "ok",
        "rehearsal_structure_only",
        "A rehearsal proves the structure, not the data: no row was copied.",
      ),
    ],
    duration_ms: 240,
  };
}

function passed(way: Direction, steps: readonly string[], members: string[]): RehearsedClass {
  const missing = steps.includes("5");
  const back = missing ? [] : [...steps].reverse();
  return {
    ...untried(steps, members),
    verdict: "passed",
    files: [
      ...steps.map((step) => file(step, way)),
      ...back.map((step) => file(step, way === "up" ? "down" : "up")),
    ],
    locks: steps.includes("7")
      ? [
          {
            relation: "consultants",
            mode: "ACCESS EXCLUSIVE",
            stops: "readers",
            file: fileName("7", way),
            line: 1,
          },
        ]
      : [],
    changes: [
      {
        kind: "column",
        parent: "consultants",
        name: "profile_picture_url",
        change: way === "up" ? "added" : "removed",
        property: null,
        before: null,
        after: null,
      },
    ],
    way_back: {
      outcome: missing ? "missing" : "restored",
      changes: [],
      error: missing ? refuse("down_file_missing", { version: "5" }) : null,
    },
  };
}

function failed(way: Direction, steps: readonly string[], members: string[]): RehearsedClass {
  const [version = "1"] = steps;
  const reason = `relation "matches_consultant_id_idx" already exists (${fileName(version, way)}, line 1)`;
  return {
    ...untried(steps, members),
    verdict: "failed",
    error: refuse("migration_failed", { schema: members[0] ?? "", version, reason }),
    files: [{ ...file(version, way), outcome: "failed" }],
  };
}

const untried = (steps: readonly string[], members: string[]): RehearsedClass => ({
  representative: members[0] ?? "",
  members,
  shape: `s1:${"c0ffee".repeat(10)}`,
  steps: [...steps],
  verdict: "not_rehearsed",
  error: null,
  files: [],
  locks: [],
  changes: [],
  way_back: { outcome: "not_tried", changes: [], error: null },
  notes: [],
  duration_ms: 180,
});

const file = (version: string, direction: Direction): RehearsedClass["files"][number] => ({
  file: fileName(version, direction),
  direction,
  outcome: "applied",
  duration_ms: 3 + Number(version),
});

function fileName(version: string, direction: Direction): string {
  const words = migrations[Number(version) - 1]?.description.replaceAll(" ", "_") ?? "";
  return `${version.padStart(4, "0")}_${words}.${direction}.sql`;
}
