import type {
  Misplaced,
  MisplacedCandidate,
  MoveRequest,
  Plan,
  RunSummary,
  TenantSummary,
} from "../../api/types";
import type { Command } from "./commands";
import { check } from "./plans";
import { refuse } from "./refuse";

type Keep = (kind: Plan["kind"], tenants: Plan["tenants"], sql: string[], settle: () => void) => Plan;
type Tools = { fleet: TenantSummary[]; keep: Keep; wait: (milliseconds: number) => Promise<unknown> };

const clue = (code: string, message: string, params: Record<string, string> = {}) => ({
  code,
  params,
  message,
});

/** Two objects of the first tenant are in `public`, until they are moved. */
export function createMisplaced({ fleet, keep, wait }: Tools) {
  const tenant = fleet[0];
  const other = fleet[1]?.schema ?? "public";
  const candidate = (name: string, more: Partial<MisplacedCandidate>): MisplacedCandidate => ({
    name,
    kind: "table",
    certainty: "sure",
    tenant: tenant?.schema ?? null,
    tenant_name: tenant?.name ?? null,
    evidence: [
      clue("only_one_lacks", "…", {
        tenant: tenant?.schema ?? "",
        tenants: String(Math.max(fleet.length - 1, 0)),
      }),
      clue("same_structure", "…", { reference: other }),
    ],
    doubts: [],
    owner: "postgres",
    rows: 1240,
    size_bytes: 106_496,
    ...more,
  });
  let there = true;
  const last = new Map<string, boolean>();
  const objects = tenant
    ? [
        candidate("application_notes", {}),
        candidate("note_kind", { kind: "type", certainty: "likely", rows: 0, size_bytes: 0 }),
      ]
    : [];
  const find = (): Misplaced => ({
    schema: "public",
    found: there ? objects : [],
    reference: there ? other : null,
    tenants: fleet.length,
    duration_ms: 120,
  });
  const plan = (names: readonly string[], back: boolean): Plan => {
    if (!tenant) throw refuse("nothing_pending");
    const [from, to] = back ? [tenant.schema, "public"] : ["public", tenant.schema];
    const made = keep(
      "move",
      [{ schema: tenant.schema, name: tenant.name, steps: [...names], canary: false, skipped: null }],
      [
        `begin;\n${names.map((name) => `alter table "${from}"."${name}" set schema "${to}";`).join("\n")}\ncommit;`,
      ],
      () => {
        there = back;
      },
    );
    made.checks = [
      check("ok", "move_like", "…", { tenant: tenant.schema, reference: other }),
      check("ok", "move_proven", "…", { schema: to, rows: "1240" }),
    ];
    return made;
  };
  return {
    settle(summary: RunSummary): void {
      if (summary.kind === "move") last.set(summary.run, true);
    },
    commands: {
      misplaced_find: async () => {
        await wait(120);
        return find();
      },
      misplaced_move_plan: async ({ request }: { request: MoveRequest }) => {
        await wait(200);
        return plan(request.objects, request.back);
      },
      misplaced_back_plan: async ({ run }: { run: string }) => {
        await wait(200);
        if (!last.has(run)) throw refuse("run_not_undoable", { id: run, reason: "it has moved nothing" });
        return plan(
          objects.map(({ name }) => name),
          true,
        );
      },
    } satisfies Record<string, Command>,
  };
}
