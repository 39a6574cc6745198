import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { axeFindings, renderWindow } from "../testing/render";

async function openMenu(person: ReturnType<typeof userEvent.setup>, item: RegExp | string) {
  await person.click(await screen.findByRole("button", { name: "More" }));
  await person.click(await screen.findByRole("menuitem", { name: item }));
}

async function page() {
  const person = userEvent.setup();
  const view = await renderWindow("/tenants/lycee_victor_hugo");
  await screen.findByRole("button", { name: "Export…" });
  return { person, ...view };
}

describe("a tenant's life", () => {
  it("is closed with its sessions after a plan, and opened again", async () => {
    const { person } = await page();
    await openMenu(person, "Deactivate…");
    const plan = await screen.findByRole("dialog", { name: /^Deactivate / });
    expect(
      await within(plan).findByText(/Open sessions of lycee_victor_hugo_app stay: 2/),
    ).toBeInTheDocument();
    await person.click(within(plan).getByLabelText("End open sessions"));
    expect(
      await within(plan).findByText(/Open sessions of lycee_victor_hugo_app are ended: 2/),
    ).toBeInTheDocument();
    expect(await axeFindings(plan)).toEqual([]);
    await waitFor(() =>
      expect(within(plan).getByRole("button", { name: "Deactivate 1 tenant" })).toBeEnabled(),
    );
    await person.click(within(plan).getByRole("button", { name: "Deactivate 1 tenant" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    await waitFor(async () => {
      await person.click(await screen.findByRole("button", { name: "More" }));
      expect(await screen.findByRole("menuitem", { name: "Activate…" })).toBeInTheDocument();
    });
    await person.click(screen.getByRole("menuitem", { name: "Activate…" }));
    const opening = await screen.findByRole("dialog", { name: /^Activate / });
    expect(
      await within(opening).findByText(/they are compared before the transaction ends/),
    ).toBeInTheDocument();
    await person.click(within(opening).getByRole("button", { name: "Activate 1 tenant" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  });

  it("says in the form why a schema cannot be called so, and shows what a rename changes", async () => {
    const { person } = await page();
    await openMenu(person, "Rename…");
    await screen.findByRole("dialog", { name: /^Rename / });
    await person.click(screen.getByRole("button", { name: "Show the plan" }));
    expect(await screen.findByText("There is nothing to change.")).toBeInTheDocument();
    await person.clear(screen.getByLabelText("Schema"));
    await person.type(screen.getByLabelText("Schema"), "victor hugo");
    await person.click(screen.getByRole("button", { name: "Show the plan" }));
    expect(await screen.findByText(/contains a space/)).toBeInTheDocument();
    await person.clear(screen.getByLabelText("Schema"));
    await person.type(screen.getByLabelText("Schema"), "victor_hugo");
    await person.click(screen.getByRole("button", { name: "Show the plan" }));
    expect(await screen.findByText("Its schema becomes")).toBeInTheDocument();
    await person.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  });

  it("has an entry in the registry, once there is one", async () => {
    const { person } = await page();
    await person.click(screen.getByRole("tab", { name: "Registry" }));
    expect(await screen.findByText("This database has no registry")).toBeInTheDocument();
    await person.click(screen.getByRole("button", { name: "Install the registry…" }));
    const plan = await screen.findByRole("dialog", { name: "Install the registry" });
    await waitFor(() =>
      expect(within(plan).getByRole("button", { name: "Install the registry" })).toBeEnabled(),
    );
    await person.click(within(plan).getByRole("button", { name: "Install the registry" }));
    await person.click(await screen.findByRole("button", { name: "Make an entry…" }));
    const form = await screen.findByRole("dialog", { name: /in the registry$/ });
    expect(within(form).getByRole("button", { name: "Show the plan" })).toBeDisabled();
    await person.type(within(form).getByLabelText("E-mail"), "nobody");
    await person.type(within(form).getByLabelText("City"), "Rennes");
    await person.type(within(form).getByLabelText("Domains"), "hugo.example");
    await person.click(within(form).getByRole("button", { name: "Show the plan" }));
    expect(await screen.findByText(/“nobody” cannot be the email of a tenant/)).toBeInTheDocument();
    // The plan goes out of sight in a moment.
    await waitFor(() => expect(screen.getAllByRole("dialog")).toHaveLength(1));
    expect(await axeFindings(screen.getByRole("dialog"))).toEqual([]);
    await person.clear(screen.getByLabelText("E-mail"));
    await person.click(screen.getByRole("button", { name: "Show the plan" }));
    await person.click(await screen.findByRole("button", { name: "Change 1 entry" }));
    expect(await screen.findByText("Rennes", { selector: "dd" })).toBeInTheDocument();
    expect(await screen.findByText("hugo.example")).toBeInTheDocument();
    expect(await axeFindings(document.body)).toEqual([]);
  });
});
