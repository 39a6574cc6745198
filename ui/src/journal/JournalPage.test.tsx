import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { JournalFilter } from "../api/types";
import { createFleet } from "../platform/mock/fleet";
import { sampleJournal } from "../platform/mock/journal";
import { axeFindings, renderWindow } from "../testing/render";

const journal = sampleJournal(createFleet(10));

/** A window on the journal, and what it asked core for. */
async function openJournal() {
  const asked: JournalFilter[] = [];
  await renderWindow(
    "/journal",
    {},
    {
      journal_list: ({ filter }: { filter: JournalFilter }) => {
        asked.push(filter);
        return journal
          .filter((entry) => filter.before === null || entry.number < filter.before)
          .filter((entry) => !filter.outcome || entry.outcome === filter.outcome)
          .slice(0, filter.limit);
      },
    },
  );
  const grid = await screen.findByRole("grid", { name: "Journal" });
  await waitFor(() => expect(within(grid).getAllByRole("row").length).toBeGreaterThan(5));
  return { asked, grid };
}

describe("the journal", () => {
  it("reads older entries before the oldest one that is shown", async () => {
    const user = userEvent.setup();
    const { asked } = await openJournal();
    expect(screen.getByText("200 entries")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Show older entries" }));
    expect(await screen.findByText("240 entries")).toBeDefined();
    expect(asked.at(-1)?.before).toBe(41);
    expect(screen.queryByRole("button", { name: "Show older entries" })).toBeNull();
  });

  it("asks core for what is searched", async () => {
    const user = userEvent.setup();
    const { asked } = await openJournal();
    await user.type(screen.getByRole("searchbox"), "hugo");
    await waitFor(() => expect(asked.at(-1)?.search).toBe("hugo"));
  });

  it("shows the statements of an entry, and is accessible", async () => {
    const user = userEvent.setup();
    const { grid } = await openJournal();
    const [first] = within(grid).getAllByRole("button", { name: "Migrate" });
    if (first) await user.click(first);
    const panel = await screen.findByRole("complementary", { name: /^Entry \d+/ });
    expect(panel.textContent).toContain("profile_picture_url");
    // The counts of the run are facts, not SQL.
    expect(panel.textContent).toContain("1 done");
    expect(panel.textContent).not.toContain("skipped 0");
    expect(await axeFindings()).toEqual([]);
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("complementary", { name: /^Entry/ })).toBeNull();
  });
});
