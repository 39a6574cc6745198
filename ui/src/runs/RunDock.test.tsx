import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { RunEvent, RunProgress, TenantOutcome } from "../api/types";
import { refuse } from "../platform/mock/refuse";
import { axeFindings, renderWindow } from "../testing/render";
import { followRun } from "./store";

const progress: RunProgress = {
  run: "r1",
  kind: "migrate_up",
  total: 1000,
  ended: 412,
  failed: 1,
  current: ["college_jean_moulin"],
  rows: 0,
  rows_expected: 0,
  elapsed_ms: 60_000,
  remaining_ms: 80_000,
  cancelling: false,
  state: "running",
  canaries: null,
};
const done = (schema: string): TenantOutcome => ({
  schema,
  outcome: "done",
  duration_ms: 12,
  waited_ms: 0,
  attempts: 1,
  versions: [7],
  error: null,
  detail: "7",
});
const failed: TenantOutcome = {
  ...done("clinique_du_parc"),
  outcome: "failed",
  error: refuse("lock_timeout", { schema: "clinique_du_parc", timeout: "5 s" }),
};

/** A window in which the run r1 is under way, and the way to send its events. */
async function withRun() {
  let send: (event: RunEvent) => void = () => {};
  const cancelled: string[] = [];
  const view = await renderWindow(
    "/journal",
    {},
    {
      run_active: () => [progress],
      run_attach: ({ events }: { events: { onmessage: (event: RunEvent) => void } }) => {
        send = (event) => act(() => events.onmessage(event));
        events.onmessage({ event: "progress", progress, ended: [done("lycee_victor_hugo"), failed] });
      },
      run_cancel: ({ run }: { run: string }) => {
        cancelled.push(run);
      },
    },
  );
  await screen.findByText("412 of 1,000");
  return {
    view,
    cancelled,
    send: (event: RunEvent) => send(event),
    finish: () =>
      send({
        event: "finished",
        summary: {
          run: "r1",
          kind: "migrate_up",
          done: 997,
          skipped: 0,
          failed: 3,
          cancelled: 0,
          not_started: 0,
          duration_ms: 12_000,
          stopped: null,
          undoes: null,
          tenants: [done("lycee_victor_hugo"), failed],
        },
      }),
  };
}

const dock = () => screen.getByRole("region", { name: "Runs" });

describe("the run dock", () => {
  it("shows a run that was under way before a reload in one line", async () => {
    await withRun();
    expect(dock().textContent).toContain("Migrating");
    expect(dock().textContent).toContain("1 failed");
    expect(dock().textContent).toMatch(/1.min 20.s left/);
  });

  it("opens to the outcomes, and shows only the failed ones on demand", async () => {
    const user = userEvent.setup();
    await withRun();
    await user.click(within(dock()).getByRole("button", { name: "Details" }));
    const grid = within(dock()).getByRole("grid");
    await waitFor(() => expect(within(grid).getAllByRole("row")).toHaveLength(4));
    await user.click(within(dock()).getByRole("button", { name: /failed 1/ }));
    await waitFor(() => expect(within(grid).getAllByRole("row")).toHaveLength(2));
    await user.click(within(grid).getByRole("button", { name: "Clinique du Parc" }));
    expect(within(dock()).getByRole("alert").textContent).toContain("lock");
    expect(await axeFindings()).toEqual([]);
  });

  it("asks core to cancel", async () => {
    const user = userEvent.setup();
    const { cancelled } = await withRun();
    await user.click(within(dock()).getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(cancelled).toEqual(["r1"]));
  });

  it("says how the run ended, once, and can be put away for good", async () => {
    const user = userEvent.setup();
    const { finish } = await withRun();
    finish();
    expect(within(dock()).getByRole("status").textContent).toContain("997 tenants migrated");
    expect(await screen.findByRole("button", { name: "Show the 3 failed" })).toBeDefined();
    await user.click(within(dock()).getByRole("button", { name: "Put away" }));
    expect(dock().textContent).toContain("No run in progress");
    await act(() => followRun("r1"));
    expect(dock().textContent).toContain("No run in progress");
  });
});
