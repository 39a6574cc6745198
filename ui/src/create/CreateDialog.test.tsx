import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { refuse } from "../platform/mock/refuse";
import { axeFindings, renderWindow } from "../testing/render";

async function openForm(replaced = {}) {
  const person = userEvent.setup();
  const view = await renderWindow("/tenants", {}, replaced);
  await person.click(await screen.findByRole("button", { name: "New tenant…" }));
  return { person, ...view, form: await screen.findByRole("dialog", { name: "New tenant" }) };
}

describe("creating a tenant", () => {
  it("derives the schema from the name, shows the plan, and ends on the tenant's page", async () => {
    const { person, form, router } = await openForm();
    await person.type(within(form).getByLabelText("Name"), "Lycée de l’Étang");
    await waitFor(() => expect(within(form).getByLabelText("Schema")).toHaveValue("lycee_de_l_etang"));
    await waitFor(() => expect(within(form).getByRole("button", { name: "Show the plan" })).toBeEnabled());
    await person.click(within(form).getByRole("button", { name: "Show the plan" }));

    const plan = await screen.findByRole("dialog", { name: "Create the tenant Lycée de l’Étang" });
    expect(
      await within(plan).findByText("7 migrations of TalentMatch: consulting firms"),
    ).toBeInTheDocument();
    expect(within(plan).getByLabelText("SQL", { selector: "[role=textbox]" })).toHaveTextContent(
      'create schema "lycee_de_l_etang"',
    );
    expect(
      within(plan).getByText("Everything happens in one transaction: all of it or nothing."),
    ).toBeInTheDocument();
    expect(await axeFindings(plan)).toEqual([]);

    await person.click(within(plan).getByRole("button", { name: "Create 1 tenant" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/tenants/lycee_de_l_etang"));
    expect(await screen.findByText("The tenant Lycée de l’Étang was created.")).toBeInTheDocument();
    // Said once, by its name.
    expect(screen.getAllByRole("alert")).toHaveLength(1);
  });

  it("says in the form why no schema can be named like this", async () => {
    const { person, form } = await openForm();
    await person.type(within(form).getByLabelText("Name"), "東京");
    expect(await within(form).findByText(/No schema name can be made from 東京/)).toBeInTheDocument();
    await person.type(within(form).getByLabelText("Schema"), "pg_tokyo");
    await person.click(within(form).getByRole("button", { name: "Show the plan" }));
    expect(await screen.findByText(/The schema name pg_tokyo is reserved/)).toBeInTheDocument();
  });

  it("does not let a plan through that a check stops", async () => {
    const { person, form } = await openForm();
    await person.type(within(form).getByLabelText("Name"), "Harbour & Field");
    await waitFor(() => expect(within(form).getByRole("button", { name: "Show the plan" })).toBeEnabled());
    await person.click(within(form).getByRole("button", { name: "Show the plan" }));
    expect(await screen.findByText("This plan cannot be applied: see the checks.")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Create 1 tenant" })).toBeDisabled();
  });

  it("says in the plan that it went stale, and makes it again", async () => {
    let stale = true;
    const { person, form } = await openForm({
      tenant_create_apply: () => {
        if (stale) throw refuse("plan_stale", { what: "the schema exists" });
        return "run-1";
      },
    });
    await person.type(within(form).getByLabelText("Name"), "Neuf");
    await waitFor(() => expect(within(form).getByRole("button", { name: "Show the plan" })).toBeEnabled());
    await person.click(within(form).getByRole("button", { name: "Show the plan" }));
    await person.click(await screen.findByRole("button", { name: "Create 1 tenant" }));
    expect(await screen.findByText(/The state changed since the plan was made/)).toBeInTheDocument();
    stale = false;
    await person.click(screen.getByRole("button", { name: "Plan again" }));
    await waitFor(() => expect(screen.queryByText(/The state changed/)).not.toBeInTheDocument());
  });
});
