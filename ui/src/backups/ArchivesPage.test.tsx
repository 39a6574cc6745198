import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { BackupRequest, Settings } from "../api/types";
import type { MockOptions } from "../platform/mock";
import { usualThresholds } from "../platform/mock/alerts";
import { refuse } from "../platform/mock/refuse";
import { axeFindings, renderWindow } from "../testing/render";

const settings = (folder: string | null): Settings => ({
  language: "en",
  scheme: null,
  dense: true,
  jobs: null,
  lock_timeout_ms: 5000,
  export_folder: null,
  backup_folder: folder,
  client_folder: null,
  migration_source: null,
  thresholds: usualThresholds,
  tables: null,
});

const open = (folder: string | null, options: Partial<MockOptions> = {}, replaced = {}) =>
  renderWindow(
    "/backups/archives",
    { tenants: 4, ...options },
    { settings_get: () => settings(folder), settings_set: () => null, ...replaced },
  );

describe("the archives of a folder", () => {
  it("ask for a folder first, and say when there is none in it", async () => {
    await open(null);
    expect(await screen.findByText("Which folder holds the archives?")).toBeDefined();
    expect(await axeFindings()).toEqual([]);
  });

  it("teach the next step in an empty folder", async () => {
    await open("/empty");
    expect(await screen.findByText("No archive in this folder yet")).toBeDefined();
  });

  it("say of each whether it can be relied on, and what can be done with it", async () => {
    const user = userEvent.setup();
    await open("/backups");
    const grid = await screen.findByRole("grid", { name: "Archives" });
    expect(within(grid).getAllByText("not verified")).toHaveLength(2);
    expect(within(grid).getByText("unusable")).toBeDefined();
    grid.focus();
    await user.keyboard("{ArrowDown}{Enter}");
    expect(await screen.findByRole("button", { name: "Restore as…" })).toBeDefined();
    expect(screen.getByText(/Nobody has tried to bring it back yet/)).toBeDefined();
    expect(await axeFindings()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Verify…" }));
    expect(await screen.findByRole("button", { name: "Verify 1 archive" })).toBeDefined();
    expect(screen.getByText("Everything is rolled back")).toBeDefined();
  });

  it("are written for the tenants that are chosen, after a plan with the command", async () => {
    const user = userEvent.setup();
    const asked: { request: BackupRequest; tenants: string[] }[] = [];
    const { router } = await open(
      "/backups",
      {},
      {
        backup_create_plan: (given: (typeof asked)[number]) => {
          asked.push(given);
          throw refuse("client_missing", { version: "16", package: "postgresql-client-16" });
        },
      },
    );
    await user.click(await screen.findByRole("button", { name: "Write archives…" }));
    expect(await screen.findByText("All (4)")).toBeDefined();
    expect(await axeFindings()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Show the plan" }));
    await waitFor(() => expect(asked[0]?.tenants).toHaveLength(4));
    expect(asked[0]?.request).toEqual({ folder: "/backups", verify: true });
    expect(await screen.findByText(/postgresql-client-16/)).toBeDefined();
    expect(router.state.location.pathname).toBe("/backups/archives");
  });

  it("are neither proven nor restored over a read-only connection, which is said", async () => {
    const user = userEvent.setup();
    await open("/backups", { readOnly: true });
    const grid = await screen.findByRole("grid", { name: "Archives" });
    await waitFor(() => expect(within(grid).getAllByText("not verified")).toHaveLength(2));
    grid.focus();
    await user.keyboard("{Enter}");
    expect((await screen.findByRole("button", { name: "Restore as…" })).hasAttribute("disabled")).toBe(true);
    expect(screen.getByText(/This connection is read-only/)).toBeDefined();
  });
});
