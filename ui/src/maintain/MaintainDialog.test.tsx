import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeFindings, renderWindow } from "../testing/render";

async function open() {
  const person = userEvent.setup();
  await renderWindow("/tenants/lycee_victor_hugo");
  await screen.findByRole("button", { name: "Export…" });
  await person.click(await screen.findByRole("button", { name: "More" }));
  await person.click(await screen.findByRole("menuitem", { name: "Maintain…" }));
  const dialog = await screen.findByRole("dialog", { name: /^Maintain / });
  return { person, dialog };
}

describe("the maintenance of a tenant", () => {
  it("shows tables with their figures and why, and what stands in the way", async () => {
    const { person, dialog } = await open();
    expect(await within(dialog).findByText(/psql, pid 4711/)).toBeInTheDocument();
    expect((await within(dialog).findAllByText("many dead rows")).length).toBeGreaterThan(0);
    const all = within(dialog).getAllByText(/dead rows?$/).length;
    await person.click(within(dialog).getByLabelText("Only tables that need it"));
    await waitFor(() => {
      expect(within(dialog).getAllByText("many dead rows").length).toBeGreaterThan(0);
      expect(within(dialog).getAllByText(/dead rows?$/).length).toBeLessThan(all);
    });
    expect(within(dialog).getByRole("button", { name: "Vacuum 1 tenant" })).toBeEnabled();
    expect(await axeFindings(dialog)).toEqual([]);
  });

  it("runs, and its report tells what became of each table", async () => {
    const { person, dialog } = await open();
    const start = await within(dialog).findByRole("button", { name: "Vacuum 1 tenant" });
    await waitFor(() => expect(start).toBeEnabled());
    await person.click(start);
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    const dock = screen.getByRole("region", { name: "Runs" });
    expect(await within(dock).findByText("1 tenant maintained")).toBeInTheDocument();
    await person.click(within(dock).getByRole("button", { name: "Details" }));
    expect(await within(dock).findByText(/tables vacuumed, .* dead rows fewer/)).toBeInTheDocument();
    await person.click(within(dock).getByRole("button", { name: /Victor Hugo/ }));
    const report = await within(dock).findByRole("region", { name: "Tables" });
    expect(within(report).getAllByRole("row").length).toBeGreaterThan(5);
  });

  it("reads findings of a check in the window's language, with the SQL that repairs them", async () => {
    const { person, dialog } = await open();
    await person.click(within(dialog).getByText("Check"));
    expect(await within(dialog).findByText(/amcheck is not installed/)).toBeInTheDocument();
    expect(within(dialog).queryByLabelText("Only tables that need it")).not.toBeInTheDocument();
    const start = await within(dialog).findByRole("button", { name: "Check 1 tenant" });
    await waitFor(() => expect(start).toBeEnabled());
    await person.click(start);
    const dock = screen.getByRole("region", { name: "Runs" });
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(await within(dock).findByText("1 tenant checked")).toBeInTheDocument();
    await person.click(within(dock).getByRole("button", { name: "Details" }));
    expect(await within(dock).findByText(/^2 findings in/)).toBeInTheDocument();
    await person.click(within(dock).getByRole("button", { name: /Victor Hugo/ }));
    const report = await within(dock).findByRole("region", { name: "Findings" });
    expect(
      within(report).getByText(/3 rows of applications name a row of offers that is not there/),
    ).toBeInTheDocument();
    expect(within(report).getByText(/setval/)).toBeInTheDocument();
    expect(
      within(report).getByText(/21 indexes .*: the extension amcheck is not installed/),
    ).toBeInTheDocument();
  });
});
