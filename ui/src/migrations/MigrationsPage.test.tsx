import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { MigrateRequest, MigrationStatus, Plan } from "../api/types";
import { installMock, mockOptions } from "../platform/mock";
import { createCommands } from "../platform/mock/commands";
import { axeFindings, renderPart, renderWindow } from "../testing/render";
import { SourceChooser } from "./SourceChooser";

const matrix = () => screen.findByRole("grid", { name: "Tenants by migrations" });

describe("the migration matrix", () => {
  it("shows who is where, with a word for every sign, and is accessible", async () => {
    await renderWindow("/migrations", { tenants: 40 });
    const grid = await matrix();
    expect(grid.getAttribute("aria-rowcount")).toBe("41");
    await waitFor(() =>
      expect(within(grid).getAllByRole("gridcell", { name: "applied" }).length).toBeGreaterThan(20),
    );
    expect(within(grid).getByRole("gridcell", { name: "file changed afterwards" })).toBeDefined();
    expect(await axeFindings()).toEqual([]);
  });

  it("draws only what is visible of a thousand tenants", async () => {
    await renderWindow("/migrations", { tenants: 1000 });
    const grid = await matrix();
    await waitFor(() => expect(within(grid).getAllByRole("row").length).toBeGreaterThan(10));
    expect(within(grid).getAllByRole("row").length).toBeLessThan(60);
  });

  it("shows only who is behind", async () => {
    const user = userEvent.setup();
    await renderWindow("/migrations", { tenants: 40 });
    await matrix();
    await user.click(screen.getByRole("radio", { name: "Behind" }));
    const grid = await matrix();
    await waitFor(() => expect(Number(grid.getAttribute("aria-rowcount"))).toBeLessThan(20));
    expect(within(grid).queryByText("up to date")).toBeNull();
  });

  it.each([
    ["en", "Tenants by migrations", "no history", "Behind", /tenants behind…$/],
    ["fr", "Espaces par migrations", "pas d’historique", "En retard", /espaces en retard…$/],
  ] as const)(
    "does not take who has no history for behind (%s)",
    async (language, label, word, behind, action) => {
      const user = userEvent.setup();
      await renderWindow("/migrations", { tenants: 40, language });
      const grid = await screen.findByRole("grid", { name: label });
      const row = (await within(grid).findByText(word)).closest("[role=row]") as HTMLElement;
      expect(row.querySelectorAll("[data-state=none]")).toHaveLength(7);
      const offered = Number(
        /\d+/.exec((await screen.findByRole("button", { name: action })).textContent)?.[0],
      );
      await user.click(screen.getByRole("radio", { name: behind }));
      await waitFor(() => expect(within(grid).queryByText(word)).toBeNull());
      expect(Number(grid.getAttribute("aria-rowcount")) - 1).toBe(offered);
      expect(await axeFindings()).toEqual([]);
    },
  );

  it("opens a migration from the keyboard and closes it with Escape", async () => {
    const user = userEvent.setup();
    await renderWindow("/migrations", { tenants: 40 });
    const grid = await matrix();
    grid.focus();
    await user.keyboard("{End}{Enter}");
    const panel = await screen.findByRole("complementary", { name: "Migration 7" });
    expect(panel.textContent).toContain("photo on the consultant's card");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("complementary", { name: "Migration 7" })).toBeNull());
  });

  it.each([
    ["fr", /7$/, "autres fins de ligne", /l’index card de person est invalide/, /1 index invalide$/],
    [
      "en",
      /^Migration 7$/,
      "other line endings",
      /the index card of person is not valid/,
      /1 invalid index$/,
    ],
  ] as const)(
    "says whose line endings differ and whose index is not valid (%s)",
    async (language, name, sign, words, standing) => {
      const user = userEvent.setup();
      const usual = createCommands(mockOptions({ pace: 0, connected: true }));
      await renderWindow(
        "/migrations",
        { language },
        {
          migration_status: async () => {
            const status = structuredClone(await usual.migration_status?.({})) as MigrationStatus;
            const first = status.tenants.slice(0, 1);
            for (const one of first) {
              one.applied = status.migrations.map(({ version }) => version);
              one.pending = [];
              one.line_endings = [7];
              one.invalid_indexes = [{ name: "card", table: "person", leftover: false }];
            }
            return { ...status, tenants: first };
          },
        },
      );
      const cell = await screen.findByRole("gridcell", { name: sign });
      expect(cell).toHaveTextContent("≈");
      expect(screen.getByText(standing)).toBeDefined();
      await user.click(cell);
      const panel = await screen.findByRole("complementary", { name });
      expect(panel).toHaveTextContent(words);
      expect(panel.textContent).toContain(`1 ${sign}`);
      expect(await axeFindings()).toEqual([]);
    },
  );

  it("takes a folder as source", async () => {
    const user = userEvent.setup();
    installMock({ pace: 0 });
    const chosen: string[] = [];
    renderPart(<SourceChooser source={null} templates={[]} onChoose={(source) => chosen.push(source)} />);
    await user.click(screen.getByRole("button", { name: /^Source/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Choose a folder…" }));
    await waitFor(() => expect(chosen).toEqual(["/home/alix/Exports"]));
  });

  it("plans with versions that are times as with days, the whole number on hover", async () => {
    const user = userEvent.setup();
    const usual = createCommands(mockOptions({ pace: 0, connected: true }));
    const time = (version: number) => 20_251_100_080_000 + version * 1_000_000;
    await renderWindow(
      "/migrations",
      {},
      {
        migration_status: async () => {
          const { migrations, tenants } = structuredClone(
            await usual.migration_status?.({}),
          ) as MigrationStatus;
          for (const one of migrations) one.version = time(one.version);
          for (const one of tenants) {
            one.applied = one.applied.map(time);
            one.pending = one.pending.map(time);
          }
          return { migrations, tenants };
        },
        migration_plan: async (args) => {
          const plan = structuredClone(await usual.migration_plan?.(args)) as Plan;
          for (const one of plan.tenants) one.steps = one.steps.map((step) => String(time(Number(step))));
          return plan;
        },
      },
    );
    await matrix();
    await user.click(await screen.findByRole("button", { name: /tenants behind…$/ }));
    const dialog = await screen.findByRole("dialog", { name: /^Migrate \d+ tenants to version 2025-11-07$/ });
    const step = await within(dialog).findByText("2025-11-07", { selector: "b" });
    expect(step).toHaveAttribute("title", "20251107080000");
    expect(step.parentElement).toHaveTextContent("2025-11-07 profile picture");
    const upTo = within(dialog).getByRole("combobox", { name: "To version" });
    expect(upTo).toHaveValue("2025-11-07 (newest)");
    expect(upTo).toHaveAttribute("title", "20251107080000");
    await user.click(upTo);
    expect(
      await screen.findByRole("option", { name: "2025-11-06 indexes on foreign keys" }),
    ).toBeInTheDocument();
    expect(dialog.textContent).not.toMatch(/\d{14}/);
  });

  it("migrates exactly who is behind, with the options that are shown", async () => {
    const user = userEvent.setup();
    const asked: MigrateRequest[] = [];
    const { client } = await renderWindow("/migrations", { tenants: 40 });
    client.getMutationCache().subscribe(({ mutation }) => {
      const variables: unknown = mutation?.state.variables;
      if (typeof variables === "object" && variables !== null && "lock_timeout_ms" in variables)
        asked.push(variables as MigrateRequest);
    });
    await matrix();
    await user.click(await screen.findByRole("button", { name: /tenants behind…$/ }));
    const dialog = await screen.findByRole("dialog");
    const apply = await within(dialog).findByRole("button", { name: /^Migrate \d+ tenants$/ });
    await waitFor(() => expect(apply.hasAttribute("disabled")).toBe(false));
    expect(await axeFindings(dialog)).toEqual([]);
    await user.click(apply);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(await screen.findByText(/tenants migrated|Migrating/)).toBeDefined();
    const request = asked.at(-1);
    expect(request?.tenants).toHaveLength(10);
    expect(request).toMatchObject({
      source: "talentmatch",
      to: null,
      continue_on_error: true,
      lock_timeout_ms: 5000,
      retries: null,
    });
  });
});
