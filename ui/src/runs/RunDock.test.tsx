import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { RunEvent, RunProgress, RunSummary, TenantOutcome } from "../api/types";
import { changeLanguage } from "../i18n/i18n";
import { MOCK_DATABASE } from "../platform/mock/connections";
import { refuse } from "../platform/mock/refuse";
import { axeFindings, renderWindow } from "../testing/render";
import { followRun } from "./store";

const progress: RunProgress = {
  run: "r1",
  kind: "migrate_up",
  database: MOCK_DATABASE,
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
  canary_turns: null,
  activities: [],
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
  waited_ms: 34_000,
  attempts: 6,
  versions: [],
  error: refuse("lock_timeout", { schema: "clinique_du_parc", timeout: "5 s" }),
};
const summary: RunSummary = {
  run: "r1",
  kind: "migrate_up",
  database: MOCK_DATABASE,
  done: 997,
  skipped: 0,
  failed: 3,
  cancelled: 0,
  not_started: 0,
  duration_ms: 12_000,
  stopped: null,
  undoes: null,
  tenants: [done("lycee_victor_hugo"), failed],
};
const verdict = { tenants: 3, failed: 0, retried: 1, slowest_ms: 140, waited_ms: 5100 };

/** A run that has ended before the window hears of it. */
const OVER = "r0";

/** A window in which the run r1 is under way, the way to send its events, and what was asked of core. */
async function withRun(first: Partial<RunProgress> = {}) {
  let send: (event: RunEvent) => void = () => {};
  const asked: string[] = [];
  const ask =
    (what: string) =>
    ({ run }: { run: string }) => {
      asked.push(`${what} ${run}`);
    };
  const start = { ...progress, ...first };
  const view = await renderWindow(
    "/journal",
    {},
    {
      run_active: () => [start],
      run_attach: ({ run, events }: { run: string; events: { onmessage: (event: RunEvent) => void } }) => {
        if (run === OVER) {
          events.onmessage({ event: "finished", summary: { ...summary, run } });
          return;
        }
        send = (event) => act(() => events.onmessage(event));
        events.onmessage({
          event: "progress",
          progress: run === start.run ? start : { ...progress, run },
          ended: [done("lycee_victor_hugo"), failed],
        });
      },
      run_cancel: ask("cancel"),
      run_pause: ask("pause"),
      run_go_on: ask("go on"),
    },
  );
  await within(await screen.findByRole("region", { name: "Runs" })).findByText(/Migrating/);
  return {
    view,
    asked,
    send: (change: Partial<RunProgress>) =>
      send({ event: "progress", progress: { ...start, ...change }, ended: [] }),
    finish: (change: Partial<RunSummary> = {}) =>
      send({ event: "finished", summary: { ...summary, ...change } }),
  };
}

const dock = () => screen.getByRole("region", { name: "Runs" });
const button = (name: string | RegExp) => within(dock()).getByRole("button", { name });

describe("the run dock", () => {
  it("shows a run that was under way before a reload in one line", async () => {
    await withRun();
    expect(dock().textContent).toContain("412 of 1,000");
    expect(dock().textContent).toContain("1 failed");
    expect(dock().textContent).toContain("7.4 tenants/s");
    expect(dock().textContent).toMatch(/1.min 20.s left/);
  });

  it("opens to the outcomes, and shows only the failed ones on demand", async () => {
    const user = userEvent.setup();
    await withRun();
    await user.click(button("Details"));
    const grid = within(dock()).getByRole("grid");
    await waitFor(() => expect(within(grid).getAllByRole("row")).toHaveLength(4));
    await user.click(button(/failed 1/));
    await waitFor(() => expect(within(grid).getAllByRole("row")).toHaveLength(2));
    // How often it was tried, and what that cost.
    expect(within(grid).getByRole("gridcell", { name: "6" })).toBeDefined();
    expect(within(grid).getByRole("gridcell", { name: /^34.s$/ })).toBeDefined();
    await user.click(within(grid).getByRole("button", { name: "Clinique du Parc" }));
    expect(within(dock()).getByRole("alert").textContent).toContain("lock");
    expect(await axeFindings()).toEqual([]);
  });

  it("says where a run of another database goes on, and leaves it to the journal when it has ended", async () => {
    const { finish } = await withRun({ database: "other @ test.example:5432" });
    expect(dock().textContent).toContain("in other @ test.example:5432");
    finish({ database: "other @ test.example:5432" });
    await waitFor(() => expect(dock().textContent).toContain("No run in progress"));
  });

  it("asks core to cancel", async () => {
    const user = userEvent.setup();
    const { asked } = await withRun();
    await user.click(button("Cancel"));
    await waitFor(() => expect(asked).toEqual(["cancel r1"]));
  });

  it("pauses and goes on, and says so", async () => {
    const user = userEvent.setup();
    const { asked, send } = await withRun();
    await user.click(button("Pause"));
    send({ state: "paused" });
    expect(dock().textContent).toContain("paused");
    expect(dock().textContent).not.toContain("left");
    await user.click(button("Go on"));
    await waitFor(() => expect(asked).toEqual(["pause r1", "go on r1"]));
    send({ state: "running" });
    expect(dock().textContent).toContain("left");
  });

  it("says what the server does with a table at this moment, and for whom it waits", async () => {
    await withRun({
      activities: [
        {
          schema: "lycee_victor_hugo",
          object: "notes",
          step: 3,
          steps: 11,
          phase: "scanning_heap",
          percent: 45,
          waits_for: "psql, pid 4711",
        },
      ],
    });
    const words = "notes (3 of 11) · reading the table · 45 % · waits for psql, pid 4711";
    expect(await screen.findByTitle(`lycee_victor_hugo · ${words}`)).toBeInTheDocument();
  });

  it("counts the canaries, wherever the run was started", async () => {
    await withRun({ state: "canary", canary_turns: { planned: 5, ended: 2, others: 900 } });
    expect(dock().textContent).toContain("canaries 2 of 5");
  });

  it("names those behind the canaries in which there is something to do", async () => {
    const { send } = await withRun({ state: "canary", canary_turns: { planned: 3, ended: 0, others: 900 } });
    send({ state: "held", ended: 3, canaries: verdict });
    expect(
      await within(dock()).findByRole("button", { name: "Go on with the other 900 tenants" }),
    ).toBeDefined();
  });

  it("opens by itself after the canaries, with what a person decides by", async () => {
    const user = userEvent.setup();
    const { asked, send } = await withRun({ state: "canary", ended: 3, failed: 0 });
    expect(within(dock()).queryByRole("grid")).toBeNull();
    send({ state: "held", canaries: verdict });
    const heading = await within(dock()).findByRole("heading", { name: "All 3 canaries went well" });
    const says = heading.closest("section")?.textContent ?? "";
    expect(says).toMatch(/Slowest0\.14.s/);
    expect(says).toMatch(/Lost to locks5\.1.s/);
    expect(says).toContain("Tried again1");
    expect(dock().textContent).toContain("waiting for your decision");
    expect(await axeFindings()).toEqual([]);
    await user.click(button("Go on with the other 997 tenants"));
    await waitFor(() => expect(asked).toEqual(["go on r1"]));
    send({ state: "running", canaries: verdict });
    expect(within(dock()).queryByRole("heading")).toBeNull();
  });

  it("stops after the canaries, and stays closed when somebody closed it", async () => {
    const user = userEvent.setup();
    const { asked, send } = await withRun({ state: "canary", ended: 3 });
    send({ state: "held", ended: 3, canaries: { ...verdict, failed: 1 } });
    expect(await within(dock()).findByRole("heading", { name: "1 canary failed" })).toBeDefined();
    await user.click(button("Details"));
    send({ state: "held", ended: 3, canaries: { ...verdict, failed: 1 }, elapsed_ms: 61_000 });
    expect(within(dock()).queryByRole("heading")).toBeNull();
    (document.activeElement as HTMLElement).blur();
    await user.keyboard("{Control>}j{/Control}");
    const goOn = await within(dock()).findByRole("button", { name: /^Go on with the other/ });
    await user.tab();
    expect(goOn).toHaveFocus();
    await user.tab();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(asked).toEqual(["cancel r1"]));
  });

  it("says why a run stopped early, and offers to finish it and to undo it", async () => {
    const user = userEvent.setup();
    const { finish } = await withRun();
    finish({ done: 2, failed: 1, not_started: 997, stopped: "canary" });
    expect(within(dock()).getByRole("status").textContent).toContain("stopped by a canary");
    await user.click(button("Details"));
    expect(dock().textContent).toContain("A canary failed, so the other tenants did not begin.");
    expect(button("Go on with the rest…")).toBeDefined();
    expect(button("Undo this run…")).toBeDefined();
    expect(await axeFindings()).toEqual([]);
  });

  it("turns to the run that begins while it is open on another", async () => {
    // Its canaries have opened the dock on it.
    const { finish } = await withRun({ state: "held", canaries: verdict });
    finish();
    expect(dock().textContent).toContain("997 tenants migrated");
    await act(() => followRun("r2"));
    expect(dock().textContent).toContain("412 of 1,000");
    expect(dock().textContent).not.toContain("997 tenants migrated");
  });

  it("stays on the run that goes on when it hears of one that is over", async () => {
    await withRun();
    await act(() => followRun(OVER));
    expect(dock().textContent).toContain("2 runs");
    expect(dock().textContent).toContain("412 of 1,000");
  });

  it("offers neither where nothing was changed and nothing is left", async () => {
    const user = userEvent.setup();
    const { finish } = await withRun();
    finish({ kind: "export", done: 1000, failed: 0, tenants: [done("lycee_victor_hugo")] });
    await user.click(button("Details"));
    expect(within(dock()).queryByRole("button", { name: "Undo this run…" })).toBeNull();
    expect(within(dock()).queryByRole("button", { name: "Go on with the rest…" })).toBeNull();
  });

  it("leads from the end of a run of another database to the journal, and does not offer to undo it", async () => {
    const user = userEvent.setup();
    const database = "other @ test.example:5432";
    const { view, finish } = await withRun({ database });
    finish({ database });
    await user.click(await screen.findByRole("button", { name: "Show the 3 failed" }));
    await waitFor(() => expect(view.router.state.location.pathname).toBe("/journal/runs/r1"));
    expect(await screen.findByText(new RegExp(`It was a run of ${database}`))).toBeDefined();
    expect(screen.queryByRole("button", { name: "Undo this run…" })).toBeNull();
  });

  it("says how the run ended, once, and can be put away for good", async () => {
    const user = userEvent.setup();
    const { finish } = await withRun();
    finish();
    expect(within(dock()).getByRole("status").textContent).toContain("997 tenants migrated");
    expect(await screen.findByRole("button", { name: "Show the 3 failed" })).toBeDefined();
    await user.click(button("Details"));
    // The open dock says and offers the same.
    await waitFor(() => expect(screen.queryByRole("button", { name: "Show the 3 failed" })).toBeNull());
    await user.click(button("Put away"));
    expect(dock().textContent).toContain("No run in progress");
    await act(() => followRun("r1"));
    expect(dock().textContent).toContain("No run in progress");
  });

  it("announces the end in the language of the moment, with the undo", async () => {
    const { finish } = await withRun();
    finish();
    expect(await screen.findByRole("button", { name: "Undo this run…" })).toBeDefined();
    await act(() => changeLanguage("fr"));
    const undo = await screen.findByRole("button", { name: "Défaire cette exécution…" });
    const notice = undo.closest("[role=alert]");
    expect(notice?.textContent).toContain("997 espaces migrés");
    expect(notice?.textContent).toContain("3 échecs");
    expect(screen.queryByRole("button", { name: "Close" })).toBeNull();
    await act(() => changeLanguage("en"));
  });
});
