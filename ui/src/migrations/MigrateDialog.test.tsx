import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { MockOptions } from "../platform/mock";
import { axeFindings, renderWindow } from "../testing/render";

const dock = () => screen.getByRole("region", { name: "Runs" });

/** The matrix, with a way to choose in its menu. */
async function openMatrix(options: Partial<MockOptions> = {}) {
  const user = userEvent.setup();
  await renderWindow("/migrations", { tenants: 40, ...options });
  await screen.findByRole("grid", { name: "Tenants by migrations" });
  return {
    user,
    select: async (name: string) =>
      user.click(await screen.findByRole("checkbox", { name: `Select ${name}` })),
    choose: async (item: string | RegExp) => {
      await user.click(screen.getByRole("button", { name: "More about migrations" }));
      await user.click(await screen.findByRole("menuitem", { name: item }));
      return screen.findByRole("dialog");
    },
  };
}

describe("migrating with canaries", () => {
  it("sends three ahead of many, marks them in the plan, and asks before the others", async () => {
    const { user } = await openMatrix();
    await user.click(await screen.findByRole("button", { name: "Migrate the 10 tenants behind…" }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByRole("textbox", { name: "Canaries" })).toHaveValue("3");
    expect(
      within(dialog).getByRole("checkbox", { name: "Ask me before going on after the canaries" }),
    ).toBeChecked();
    expect(await within(dialog).findByText(/These 3 go first, as canaries/)).toBeDefined();
    const apply = within(dialog).getByRole("button", { name: "Migrate 10 tenants" });
    await waitFor(() => expect(apply).toBeEnabled());
    await user.click(apply);
    const goOn = await within(dock()).findByRole("button", { name: "Go on with the other 7 tenants" });
    await user.click(goOn);
    await waitFor(() => expect(dock().textContent).toContain("9 tenants migrated"));
  });

  it("sends nobody ahead of a handful", async () => {
    const { user, select } = await openMatrix();
    await select("Clinique du Parc");
    await user.click(screen.getByRole("button", { name: "Migrate the selected tenant…" }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByRole("textbox", { name: "Canaries" })).toHaveValue("0");
    expect(
      within(dialog).getByRole("checkbox", { name: "Ask me before going on after the canaries" }),
    ).toBeDisabled();
  });
});

describe("reverting", () => {
  it("says what is lost and wants the database's name for more than one tenant", async () => {
    const { user, choose } = await openMatrix();
    const dialog = await choose(/^Revert all \d+ tenants…$/);
    expect(await within(dialog).findByText("What is lost")).toBeDefined();
    expect(dialog.textContent).toContain("Only a backup brings it back.");
    const apply = within(dialog).getByRole("button", { name: /^Revert \d+ tenants$/ });
    expect(apply).toBeDisabled();
    expect(await axeFindings(dialog)).toEqual([]);
    await user.type(within(dialog).getByLabelText("Type lycees to confirm"), "lycees");
    expect(apply).toBeEnabled();
  });

  it("wants the tenant's name for one in production", async () => {
    const { select, choose } = await openMatrix();
    await select("Agence Frida Kahlo, Dijon");
    const dialog = await choose("Revert the selected tenant…");
    expect(await within(dialog).findByLabelText("Type agence_frida_kahlo_dijon to confirm")).toBeDefined();
  });

  it("wants nothing typed for one elsewhere, and goes down as far as was chosen", async () => {
    const { user, select, choose } = await openMatrix({ environment: "development" });
    await select("Agence Frida Kahlo, Dijon");
    const dialog = await choose("Revert the selected tenant…");
    await user.click(within(dialog).getByRole("combobox", { name: "Down to" }));
    await user.click(await screen.findByRole("option", { name: "5 portfolios and collaborations" }));
    expect(await screen.findByRole("dialog", { name: "Revert 1 tenant to version 5" })).toBeDefined();
    const apply = within(dialog).getByRole("button", { name: "Revert 1 tenant" });
    await waitFor(() => expect(apply).toBeEnabled());
    expect(within(dialog).queryByLabelText(/to confirm$/)).toBeNull();
    await user.click(apply);
    await waitFor(() => expect(dock().textContent).toContain("1 tenant reverted"));
  });

  it("names who has no way back", async () => {
    const { user, select, choose } = await openMatrix();
    await select("Harbour & Field");
    const dialog = await choose("Revert the selected tenant…");
    await user.click(within(dialog).getByRole("combobox", { name: "Down to" }));
    await user.click(await screen.findByRole("option", { name: "before the first version" }));
    expect(await within(dialog).findByText("The migration 5 has no down file.")).toBeDefined();
    expect(within(dialog).getByRole("button", { name: "Revert 0 tenants" })).toBeDisabled();
  });
});
