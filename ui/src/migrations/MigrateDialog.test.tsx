import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { MockOptions } from "../platform/mock";
import type { Command } from "../platform/mock/commands";
import { refuse } from "../platform/mock/refuse";
import { axeFindings, renderWindow } from "../testing/render";

const dock = () => screen.getByRole("region", { name: "Runs" });

/** The matrix, with a way to choose in its menu. */
async function openMatrix(options: Partial<MockOptions> = {}, replaced: Record<string, Command> = {}) {
  const user = userEvent.setup();
  await renderWindow("/migrations", { tenants: 40, ...options }, replaced);
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

describe("rehearsing", () => {
  it("shows each class with its verdict, and the plan can be applied afterwards", async () => {
    const { user } = await openMatrix();
    await user.click(await screen.findByRole("button", { name: "Migrate the 10 tenants behind…" }));
    const dialog = await screen.findByRole("dialog");
    const rehearse = await within(dialog).findByRole("button", { name: "Rehearse" });
    await waitFor(() => expect(rehearse).toBeEnabled());
    await user.click(rehearse);
    const found = await within(dialog).findByRole("region", { name: "Rehearsal" });
    expect(await within(found).findAllByText("works")).not.toHaveLength(0);
    expect(found.textContent).toContain("nothing was changed");
    expect(found.textContent).toContain("profile_picture_url");
    expect(found.textContent).toContain("ACCESS EXCLUSIVE");
    expect(found.textContent).toContain("The structure is as it was.");
    expect(found.textContent).toContain("no row was copied");
    expect(await axeFindings(dialog)).toEqual([]);
    expect(within(dialog).getByRole("button", { name: "Migrate 10 tenants" })).toBeEnabled();
  });

  it("forgets what was found out about another plan", async () => {
    const { user } = await openMatrix();
    await user.click(await screen.findByRole("button", { name: "Migrate the 10 tenants behind…" }));
    const dialog = await screen.findByRole("dialog");
    const rehearse = await within(dialog).findByRole("button", { name: "Rehearse" });
    await waitFor(() => expect(rehearse).toBeEnabled());
    await user.click(rehearse);
    await within(dialog).findByRole("region", { name: "Rehearsal" });
    await user.click(
      within(dialog).getByRole("checkbox", { name: "Ask me before going on after the canaries" }),
    );
    await waitFor(() => expect(within(dialog).queryByRole("region", { name: "Rehearsal" })).toBeNull());
  });

  it("says in the server's words why it is refused", async () => {
    const { user } = await openMatrix(
      {},
      {
        migration_rehearse: () => {
          throw refuse("not_rehearsable", { reason: "another tool makes the changes" });
        },
      },
    );
    await user.click(await screen.findByRole("button", { name: "Migrate the 10 tenants behind…" }));
    const dialog = await screen.findByRole("dialog");
    const rehearse = await within(dialog).findByRole("button", { name: "Rehearse" });
    await waitFor(() => expect(rehearse).toBeEnabled());
    await user.click(rehearse);
    expect((await within(dialog).findByRole("alert")).textContent).toContain("cannot be rehearsed");
  });
});

describe("a plan that is no longer true", () => {
  it("is refused as a whole, says what changed, and is made again", async () => {
    let refused = 0;
    const { user } = await openMatrix(
      {},
      {
        migration_apply: () => {
          refused += 1;
          throw refuse("plan_outdated", {
            what: "new tenants: lycee_neuf",
            server: "",
            files: "",
            added: "lycee_neuf",
            gone: "",
            moved: "",
          });
        },
      },
    );
    await user.click(await screen.findByRole("button", { name: "Migrate the 10 tenants behind…" }));
    const dialog = await screen.findByRole("dialog");
    const apply = await within(dialog).findByRole("button", { name: "Migrate 10 tenants" });
    await waitFor(() => expect(apply).toBeEnabled());
    await user.click(apply);
    const alert = await within(dialog).findByRole("alert");
    expect(alert.textContent).toContain(
      "The state changed since the plan was made. New tenants: lycee_neuf.",
    );
    expect(refused).toBe(1);
    await user.click(within(alert).getByRole("button", { name: "Plan again" }));
    await waitFor(() => expect(within(dialog).queryByRole("alert")).toBeNull());
    await waitFor(() =>
      expect(within(dialog).getByRole("button", { name: "Migrate 10 tenants" })).toBeEnabled(),
    );
  });
});

describe("the statements of a plan", () => {
  it("are those of a class of tenants, with their number, version and names", async () => {
    const { user } = await openMatrix();
    await user.click(await screen.findByRole("button", { name: "Migrate the 10 tenants behind…" }));
    const dialog = await screen.findByRole("dialog");
    const choice = await within(dialog).findByRole("combobox", { name: "Statements for" });
    expect(choice.getAttribute("value")).toMatch(/^\d+ tenants from \d+: \w+/);
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
