import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeFindings, renderWindow } from "../testing/render";

const map = () => screen.findByRole("listbox", { name: /^Tenants by/ });
const here = async () => (await within(await map()).findByRole("option")).textContent ?? "";

async function openMap(options: Parameters<typeof renderWindow>[1] = {}) {
  const person = userEvent.setup();
  const window = await renderWindow("/tenants", options);
  await screen.findByRole("grid", { name: "Tenants" });
  await person.click(screen.getByRole("radio", { name: "Plan" }));
  return { person, ...window, element: await map() };
}

describe("the plan cadastral", () => {
  it("shows one parcel per tenant, the largest first, and is still there after a restart", async () => {
    const { unmount } = await openMap();
    expect(
      await screen.findByRole("listbox", { name: /coloured by state: 40 parcels$/ }),
    ).toBeInTheDocument();
    const option = await within(await map()).findByRole("option");
    expect(option).toHaveAttribute("aria-setsize", "40");
    expect(option).toHaveAttribute("aria-posinset", "1");
    unmount();
    await renderWindow("/tenants");
    expect(await map()).toBeInTheDocument();
  });

  it("is led by the keyboard: to neighbours, to the ends, and by typing a name", async () => {
    const { person, element } = await openMap();
    element.focus();
    const first = await here();
    await person.keyboard("{ArrowRight}");
    expect(await here()).not.toBe(first);
    await person.keyboard("{End}");
    expect(await within(element).findByRole("option")).toHaveAttribute("aria-posinset", "40");
    await person.keyboard("{Home}");
    expect(await here()).toBe(first);
    await person.keyboard("ecole");
    expect(await here()).toContain("École des métiers de l’eau");
  });

  it("shares its selection with the list, and the actions with it", async () => {
    const { person, element } = await openMap();
    element.focus();
    await person.keyboard(" {ArrowRight} ");
    expect(await screen.findByText("2 selected")).toBeInTheDocument();
    expect(within(element).getByRole("option")).toHaveAttribute("aria-selected", "true");
    await person.click(screen.getByRole("radio", { name: "List" }));
    await screen.findByRole("grid", { name: "Tenants" });
    expect(screen.getByText("2 selected")).toBeInTheDocument();
  });

  it("leads into a tenant and out of it again, to where one was", async () => {
    const { person, element } = await openMap();
    element.focus();
    await person.keyboard("{ArrowRight}");
    const name = (await here()).split(", ").slice(0, -2).join(", ");
    await person.keyboard("+");
    const inside = await screen.findByRole("listbox", { name: /^Tables of/ });
    expect(screen.getByText(name)).toHaveAttribute("aria-current", "page");
    await waitFor(() => expect(inside).toHaveFocus());
    await person.keyboard("{Escape}");
    expect(await here()).toContain(name);
    expect(await map()).toHaveFocus();
  });

  it("opens the tenant, and the table of a tenant", async () => {
    const { person, element, router } = await openMap();
    element.focus();
    await person.keyboard("+");
    await screen.findByRole("listbox", { name: /^Tables of/ });
    await person.keyboard("{Enter}");
    await waitFor(() => expect(router.state.location.search).toMatchObject({ tab: "structure" }));
    await router.navigate({ to: "/tenants" });
    (await map()).focus();
    await person.keyboard("{Enter}");
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/tenants\/./));
  });

  it("shows what the filters let through, and says when that is nothing", async () => {
    const { person } = await openMap();
    await person.type(screen.getByRole("searchbox", { name: "Search tenants" }), "lycee");
    await waitFor(async () =>
      expect(
        Number((await within(await map()).findByRole("option")).getAttribute("aria-setsize")),
      ).toBeLessThan(40),
    );
    await person.type(screen.getByRole("searchbox", { name: "Search tenants" }), " nobody");
    expect(await screen.findByText("No tenant fits these filters")).toBeInTheDocument();
  });

  it("says what its colours mean, and how many parcels have each", async () => {
    const { person } = await openMap();
    const legend = screen.getByRole("group", { name: "State" });
    const entry = within(legend).getByRole("button", { name: /^behind on migrations \d+$/ });
    await person.click(entry);
    expect(entry).toHaveAttribute("aria-pressed", "true");
    await person.click(screen.getByRole("combobox", { name: "Colour" }));
    await person.click(await screen.findByRole("option", { name: "Structure" }));
    expect(await screen.findByRole("button", { name: /^class A, reference \d+$/ })).toBeInTheDocument();
  });

  it("has a table with the same figures", async () => {
    const { person } = await openMap();
    await person.click(screen.getByRole("button", { name: "Show as a table" }));
    const table = await screen.findByRole("grid", { name: "Tenants by size, coloured by state" });
    expect(table).toHaveAttribute("aria-rowcount", "41");
    expect(await axeFindings()).toEqual([]);
  });

  it("has nothing that axe objects to, outside and inside of a parcel", async () => {
    const { person, element } = await openMap();
    element.focus();
    await person.keyboard("{ArrowDown} ");
    expect(await axeFindings()).toEqual([]);
    await person.keyboard("+");
    await screen.findByRole("listbox", { name: /^Tables of/ });
    expect(await axeFindings()).toEqual([]);
  });

  it("teaches the next step when there is no tenant", async () => {
    const person = userEvent.setup();
    await renderWindow("/tenants", { tenants: 0 });
    await person.click(await screen.findByRole("radio", { name: "Plan" }));
    expect(await screen.findByText("No tenant in this database yet")).toBeInTheDocument();
  });
});
