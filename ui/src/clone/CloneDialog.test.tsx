import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Command } from "../platform/mock/commands";
import { createFleet } from "../platform/mock/fleet";
import { axeFindings, renderWindow } from "../testing/render";

const [first, second] = createFleet(40);
const source = first?.name ?? "";

async function openForm(replaced: Record<string, Command> = {}) {
  const person = userEvent.setup();
  const view = await renderWindow("/tenants", {}, replaced);
  await person.click(await screen.findByRole("checkbox", { name: `Select ${source}` }));
  await person.click(screen.getByRole("button", { name: "More" }));
  await person.click(await screen.findByRole("menuitem", { name: "Clone…" }));
  return { person, ...view, form: await screen.findByRole("dialog", { name: `Clone ${source}` }) };
}

describe("cloning a tenant", () => {
  it("goes from the name over the plan to the new tenant, and says what is to be looked at", async () => {
    const { person, form, router } = await openForm({
      tenant_clone_remarks: () => [{ code: "names_source", object: "function f()", schema: "acme" }],
    });
    await person.type(within(form).getByLabelText("Name"), "Essai");
    await waitFor(() => expect(within(form).getByLabelText("Schema")).toHaveValue("essai"));
    expect(await axeFindings(form)).toEqual([]);
    await waitFor(() => expect(within(form).getByRole("button", { name: "Show the plan" })).toBeEnabled());
    await person.click(within(form).getByRole("button", { name: "Show the plan" }));

    const plan = await screen.findByRole("dialog", { name: `Clone ${source} as Essai` });
    expect(await within(plan).findByText(/^The rows of \d+ tables/)).toBeInTheDocument();
    expect(await axeFindings(plan)).toEqual([]);
    await person.click(within(plan).getByRole("button", { name: "Clone 1 tenant" }));
    const [notice] = await screen.findAllByRole("alert");
    await person.click(
      await within(notice as HTMLElement).findByRole("button", { name: "1 thing to look at" }),
    );
    expect(await screen.findByText(/its text still names/)).toBeInTheDocument();
    await router.navigate({ to: "/tenants/$schema", params: { schema: "essai" } });
    expect(await screen.findByRole("heading", { name: "Essai" })).toBeInTheDocument();
  });

  it("leaves the rows behind where only the structure is wanted", async () => {
    const { person, form } = await openForm();
    await person.click(within(form).getByRole("radio", { name: "Structure only" }));
    await person.type(within(form).getByLabelText("Name"), "Vide");
    await waitFor(() => expect(within(form).getByRole("button", { name: "Show the plan" })).toBeEnabled());
    await person.click(within(form).getByRole("button", { name: "Show the plan" }));
    expect(await screen.findByText("The migration history; all other tables are empty")).toBeInTheDocument();
  });

  it("says in the form that the name is taken", async () => {
    const { person, form } = await openForm();
    await person.type(within(form).getByLabelText("Name"), second?.name ?? "");
    await person.clear(within(form).getByLabelText("Schema"));
    await person.type(within(form).getByLabelText("Schema"), second?.schema ?? "");
    await person.click(within(form).getByRole("button", { name: "Show the plan" }));
    expect(await within(form).findByText(/is taken by/)).toBeInTheDocument();
  });

  it("is for one tenant at a time", async () => {
    const person = userEvent.setup();
    await renderWindow("/tenants");
    for (const tenant of [first, second])
      await person.click(await screen.findByRole("checkbox", { name: `Select ${tenant?.name}` }));
    await person.click(screen.getByRole("button", { name: "More" }));
    const clone = await screen.findByRole("menuitem", { name: /^Clone…/ });
    expect(clone).toBeDisabled();
    expect(clone).toHaveTextContent("One tenant at a time.");
  });
});
