import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { refuse } from "../platform/mock/refuse";
import { axeFindings, renderWindow } from "../testing/render";

const grid = () => screen.findByRole("grid", { name: "Tenants" });
const rowCount = async () => Number((await grid()).getAttribute("aria-rowcount")) - 1;

describe("the tenant list", () => {
  it("shows the fleet, what it costs to read, and exact sizes when they have come", async () => {
    await renderWindow("/tenants");
    expect(await rowCount()).toBe(40);
    expect(await screen.findByText(/read in .* ms/)).toBeInTheDocument();
    await waitFor(() => expect(screen.getByText(/^40 tenants/)).not.toHaveTextContent("≈"));
  });

  it("finds tenants without minding accents and case", async () => {
    const person = userEvent.setup();
    await renderWindow("/tenants");
    await grid();
    await person.keyboard("/");
    expect(screen.getByRole("searchbox", { name: "Search tenants" })).toHaveFocus();
    await person.keyboard("ecole eau");
    await waitFor(async () => expect(await rowCount()).toBe(1));
    expect(screen.getByText("École des métiers de l’eau")).toBeInTheDocument();
    await person.keyboard("{Escape}");
    await waitFor(async () => expect(await rowCount()).toBe(40));
  });

  it("is filtered by state, version and template, and says how many there are of each", async () => {
    const person = userEvent.setup();
    await renderWindow("/tenants");
    await grid();
    await person.click(screen.getByRole("button", { name: "Version all" }));
    await person.click(await screen.findByRole("menuitemcheckbox", { name: /behind/ }));
    await waitFor(async () => expect(await rowCount()).toBeLessThan(40));
    expect(screen.getByText(/ of 40 tenants/)).toBeInTheDocument();
  });

  it("keeps the selection when another place was shown, and says what the filters hide of it", async () => {
    const person = userEvent.setup();
    const { router } = await renderWindow("/tenants");
    await person.click(
      (await screen.findAllByRole("checkbox", { name: /^Select (?!all)/ }))[0] as HTMLElement,
    );
    expect(await screen.findByText("1 selected")).toBeInTheDocument();
    await router.navigate({ to: "/journal" });
    await router.navigate({ to: "/tenants" });
    expect(await screen.findByText("1 selected")).toBeInTheDocument();
    await person.type(screen.getByRole("searchbox", { name: "Search tenants" }), "victor hugo");
    expect(await screen.findByText("1 of them is not shown by the filters")).toBeInTheDocument();
  });

  it("opens a tenant from the keyboard", async () => {
    const person = userEvent.setup();
    const { router } = await renderWindow("/tenants");
    (await grid()).focus();
    await person.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/tenants\/./));
  });

  it("offers no change on a read-only connection, and says why it is read-only", async () => {
    const person = userEvent.setup();
    const { router } = await renderWindow("/tenants", { readOnly: true });
    const button = await screen.findByRole("button", { name: "New tenant…" });
    expect(button).toHaveAttribute("aria-disabled", "true");
    await person.click(button);
    expect(router.state.location.search).toEqual({});
    expect(screen.getByText("Read-only")).toBeInTheDocument();
  });

  it("backs the selected tenants up, and says what to install where the programs are missing", async () => {
    const person = userEvent.setup();
    const asked: { tenants: string[] }[] = [];
    await renderWindow(
      "/tenants",
      { tenants: 3 },
      {
        backup_create_plan: (given: { tenants: string[] }) => {
          asked.push(given);
          throw refuse("client_missing", { version: "16", package: "postgresql-client-16" });
        },
      },
    );
    await person.click(await screen.findByRole("checkbox", { name: "Select all rows" }));
    await person.click(screen.getByRole("button", { name: "Back up…" }));
    const dialog = await screen.findByRole("dialog", { name: "Write archives" });
    expect(within(dialog).getByText("3 tenants")).toBeInTheDocument();
    await person.click(within(dialog).getByRole("button", { name: "Choose…" }));
    await person.click(within(dialog).getByRole("button", { name: "Show the plan" }));
    await waitFor(() => expect(asked[0]?.tenants).toHaveLength(3));
    expect(await screen.findByText(/postgresql-client-16/)).toBeInTheDocument();
  });

  it("teaches the next step when there is no tenant", async () => {
    await renderWindow("/tenants", { tenants: 0 });
    expect(await screen.findByText("No tenant in this database yet")).toBeInTheDocument();
    expect(screen.getAllByRole("button", { name: "New tenant…" })).toHaveLength(2);
  });

  it("says what went wrong, and reads again", async () => {
    const person = userEvent.setup();
    let lost = true;
    await renderWindow(
      "/tenants",
      {},
      {
        tenant_list: () => {
          if (lost) throw refuse("connection_lost");
          return { tenants: [], duration_ms: 3 };
        },
      },
    );
    const alert = await screen.findByRole("alert");
    expect(within(alert).getByText("The connection to the server was lost.")).toBeInTheDocument();
    lost = false;
    await person.click(within(alert).getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("No tenant in this database yet")).toBeInTheDocument();
  });

  it("has nothing that axe objects to, with a selection and in French", async () => {
    const person = userEvent.setup();
    await renderWindow("/tenants", { language: "fr" });
    await person.click(
      (await screen.findAllByRole("checkbox", { name: /^Sélectionner (?!tou)/ }))[0] as HTMLElement,
    );
    await screen.findByText("1 sélectionné");
    expect(await axeFindings()).toEqual([]);
  });
});
