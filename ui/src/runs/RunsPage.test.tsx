import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeFindings, renderWindow } from "../testing/render";

const dock = () => screen.getByRole("region", { name: "Runs" });

describe("past runs", () => {
  it("are a part of the journal, with the interrupted one first", async () => {
    const user = userEvent.setup();
    const { router } = await renderWindow("/journal", { interrupted: true });
    const parts = await screen.findByRole("navigation", { name: "Parts of the journal" });
    await user.click(within(parts).getByRole("link", { name: "Runs" }));
    const grid = await screen.findByRole("grid", { name: "Runs" });
    await waitFor(() => expect(within(grid).getAllByRole("row").length).toBeGreaterThan(4));
    expect(within(grid).getAllByRole("row")[1]?.textContent).toContain("interrupted");
    expect(screen.getAllByRole("region", { name: "Interrupted run" })).toHaveLength(1);
    expect(await axeFindings()).toEqual([]);
    grid.focus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toBe("/journal/runs/e5d2078b16"));
    expect(await screen.findByText(/The program ended in the middle/)).toBeDefined();
    expect(await axeFindings()).toEqual([]);
  });

  it("are gone on with from where they stopped, and the interruption is over", async () => {
    const user = userEvent.setup();
    await renderWindow("/journal/runs", { interrupted: true });
    await user.click(await screen.findByRole("button", { name: "Go on with the rest…" }));
    const plan = await screen.findByRole("dialog", { name: /^Go on with the run/ });
    const apply = await within(plan).findByRole("button", { name: "Migrate 24 tenants" });
    await waitFor(() => expect(apply).toBeEnabled());
    expect(await axeFindings(plan)).toEqual([]);
    await user.click(apply);
    // Those that were done before belong to the run.
    await waitFor(() => expect(dock().textContent).toContain("40 tenants migrated"));
    await waitFor(() => expect(screen.queryByRole("region", { name: "Interrupted run" })).toBeNull());
  });

  it("are undone only after what is lost was read and the database's name was typed", async () => {
    const user = userEvent.setup();
    await renderWindow("/journal/runs/e5d2078b16", { interrupted: true });
    await user.click(await screen.findByRole("button", { name: "Undo this run…" }));
    const plan = await screen.findByRole("dialog", { name: /^Undo the run/ });
    const apply = await within(plan).findByRole("button", { name: "Revert 16 tenants" });
    expect(plan.textContent).toContain("consultants.profile_picture_url: the column with all its values");
    expect(apply).toBeDisabled();
    await user.type(within(plan).getByLabelText("Type lycees to confirm"), "lycees");
    expect(apply).toBeEnabled();
    await user.click(apply);
    await waitFor(() => expect(dock().textContent).toContain("16 tenants reverted"));
    // It cannot be taken back twice.
    expect(await screen.findByText(/It was taken back by a later run/)).toBeDefined();
    expect(screen.queryByRole("button", { name: "Go on with the rest…" })).toBeNull();
  });

  it("show what commands have written for the tenant that is opened, as it was written", async () => {
    const user = userEvent.setup();
    const asked: string[] = [];
    await renderWindow(
      "/journal/runs/e5d2078b16",
      { interrupted: true },
      {
        run_output: ({ run, schema }: { run: string; schema: string }) => {
          asked.push(`${run} ${schema}`);
          return "$ alembic upgrade head\nINFO  Running upgrade <b>1</b> -> 2\n";
        },
      },
    );
    const grid = await screen.findByRole("grid", { name: "Tenants of the run" });
    grid.focus();
    await user.keyboard("{Enter}");
    const output = await screen.findByRole("region", { name: "What the commands wrote" });
    expect(output.querySelector("pre")?.textContent).toContain("INFO  Running upgrade <b>1</b> -> 2");
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/^e5d2078b16 \w+$/);
    expect(await axeFindings()).toEqual([]);
  });

  it("say so where no command has written anything", async () => {
    const user = userEvent.setup();
    await renderWindow("/journal/runs/e5d2078b16", { interrupted: true });
    const grid = await screen.findByRole("grid", { name: "Tenants of the run" });
    grid.focus();
    await user.keyboard("{Enter}");
    expect(await screen.findByText("No command has written anything for this tenant.")).toBeDefined();
  });

  it("say why they cannot be undone", async () => {
    await renderWindow("/journal/runs/8d21b6c904");
    expect(await screen.findByText(/It was taken back by a later run/)).toBeDefined();
    expect(screen.queryByRole("button", { name: "Undo this run…" })).toBeNull();
  });
});

describe("an interrupted run", () => {
  it("is announced after connecting, quietly, until somebody waves it off for good", async () => {
    const user = userEvent.setup();
    const { unmount } = await renderWindow("/tenants", { interrupted: true });
    const notice = await screen.findByRole("region", { name: "Interrupted run" });
    expect(notice.textContent).toContain("16 of 40 tenants done");
    await user.click(within(notice).getByRole("button", { name: "Do not announce it again" }));
    expect(screen.queryByRole("region", { name: "Interrupted run" })).toBeNull();
    unmount();
    sessionStorage.clear();
    await renderWindow("/tenants", { interrupted: true });
    await screen.findByRole("grid");
    expect(screen.queryByRole("region", { name: "Interrupted run" })).toBeNull();
  });

  it("of another database is not announced here", async () => {
    await renderWindow(
      "/tenants",
      {},
      {
        run_list: () => [
          {
            run: "r9",
            kind: "migrate_up",
            database: "lycees @ elsewhere.example:5432",
            started_at: "2026-11-20T10:00:00Z",
            ended_at: null,
            running: false,
            stopped: "interrupted",
            undoes: null,
            done: 1,
            skipped: 0,
            failed: 0,
            cancelled: 0,
            not_started: 2,
          },
        ],
      },
    );
    await screen.findByRole("grid");
    expect(screen.queryByRole("region", { name: "Interrupted run" })).toBeNull();
  });
});
