import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { StructureComparison } from "../api/types";
import { refuse } from "../platform/mock/refuse";
import { selectTenants } from "../tenants/selection";
import { axeFindings, renderWindow } from "../testing/render";

const place = "/compare/structure";
const manual = {
  reference: "s1:aaaa",
  other: "s1:bbbb",
  changes: [
    {
      kind: "table",
      parent: null,
      name: "backup_2025",
      change: "added",
      property: null,
      before: null,
      after: null,
    },
    {
      kind: "policy",
      parent: "users",
      name: "own_company",
      change: "removed",
      property: null,
      before: null,
      after: null,
    },
    {
      kind: "column",
      parent: "consultants",
      name: "daily_rate",
      change: "changed",
      property: "data_type",
      before: "numeric(8,2)",
      after: "numeric(10,2)",
    },
    {
      kind: "column",
      parent: "users",
      name: "email",
      change: "changed",
      property: "not_null",
      before: "not null",
      after: null,
    },
    {
      kind: "other",
      parent: null,
      name: "collation french",
      change: "added",
      property: null,
      before: null,
      after: null,
    },
  ],
  sql: 'begin;\ndrop table "b"."backup_2025";\ncommit;\n',
  statements: 3,
  destructive: [{ object: "table backup_2025", sql: 'drop table "b"."backup_2025"' }],
  rewrites: [{ object: "column consultants.daily_rate", sql: "alter table …" }],
  unrepaired: [
    {
      kind: "other",
      parent: null,
      name: "collation french",
      change: "added",
      property: null,
      before: null,
      after: null,
    },
  ],
} satisfies StructureComparison;

const pair = `${place}?reference=lycee_victor_hugo&tenant=clinique_du_parc`;
const compared = { shape_compare: () => manual };

describe("the structures of a fleet", () => {
  it("are listed as classes, the reference first, with versions and what is different", async () => {
    await renderWindow(place);
    const grid = await screen.findByRole("grid", { name: "Classes of structures" });
    const rows = within(grid).getAllByRole("row").slice(1);
    expect(rows.length).toBeGreaterThan(2);
    expect(rows[0]).toHaveTextContent("reference");
    expect(rows[0]).toHaveTextContent("v7");
    expect(await screen.findByText(/classes of structures · 40 tenants · read in/)).toBeDefined();
    expect(await axeFindings()).toEqual([]);
  });

  it("open to their names, and from a name to the difference", async () => {
    const user = userEvent.setup();
    const { router } = await renderWindow(place);
    const grid = await screen.findByRole("grid", { name: "Classes of structures" });
    grid.focus();
    await user.keyboard("{ArrowDown}{Enter}");
    const panel = await screen.findByRole("complementary", { name: "Class B" });
    expect(within(panel).getByText("profile_picture_url", { exact: false })).toBeDefined();
    expect(await axeFindings()).toEqual([]);
    const names = within(panel).getByRole("grid", { name: "Tenants of class B" });
    names.focus();
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("table", { name: /^Differences between/ })).toBeDefined();
    expect(router.state.location.search).toHaveProperty("tenant");
    await user.click(screen.getByRole("button", { name: "All classes" }));
    expect(await screen.findByRole("grid", { name: "Classes of structures" })).toBeDefined();
  });

  it("stay quick to draw with ten thousand tenants that are all different", async () => {
    const classes = Array.from({ length: 10_000 }, (_, index) => ({
      fingerprint: `s1:${String(index).padStart(64, "0")}`,
      tenants: [`t${index}`],
      reference: index === 0,
      differences: index > 50 ? null : index,
      changes: [],
    }));
    await renderWindow(place, {}, { shape_classes: () => ({ classes, reference: "t0", duration_ms: 4000 }) });
    const grid = await screen.findByRole("grid", { name: "Classes of structures" });
    expect(grid).toHaveAttribute("aria-rowcount", "10001");
    expect(within(grid).getAllByRole("row").length).toBeLessThan(60);
  });

  it("are a good sign when there is one class", async () => {
    const one = {
      fingerprint: "s1:abcd",
      tenants: ["a", "b", "c"],
      reference: true,
      differences: 0,
      changes: [],
    };
    await renderWindow(
      place,
      {},
      { shape_classes: () => ({ classes: [one], reference: "a", duration_ms: 90 }) },
    );
    expect(await screen.findByText("All 3 tenants have the same structure")).toBeDefined();
    expect(await axeFindings()).toEqual([]);
  });

  it("teach what they are where there is no tenant", async () => {
    await renderWindow(place, { tenants: 0 });
    expect(await screen.findByText("No tenant in this database")).toBeDefined();
  });

  it("say why they could not be read, and are read again on demand", async () => {
    const user = userEvent.setup();
    let calls = 0;
    await renderWindow(
      place,
      {},
      {
        shape_classes: () => {
          calls += 1;
          throw refuse("connection_refused", { host: "edu-prod", port: "5432" });
        },
      },
    );
    expect(await screen.findByText("The structures could not be read")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(calls).toBe(2));
  });
});

describe("two structures", () => {
  it("stand side by side, by table, with what is not the same marked", async () => {
    await renderWindow(pair, {}, compared);
    const table = await screen.findByRole("table", {
      name: "Differences between Lycée Victor Hugo and Clinique du Parc",
    });
    const rate = within(table).getByRole("row", { name: /daily_rate/ });
    expect(
      within(rate)
        .getAllByRole("cell")
        .map((cell) => cell.textContent),
    ).toEqual(["numeric(8,2)", "numeric(10,2)"]);
    expect([...rate.querySelectorAll("mark")].map((mark) => mark.textContent)).toEqual(["8", "10"]);
    const extra = within(table).getByRole("row", { name: /additional table backup_2025/ });
    expect(
      within(extra)
        .getAllByRole("cell")
        .map((cell) => cell.textContent),
    ).toEqual(["missing", "present"]);
    const nullable = within(table).getByRole("row", { name: /email/ });
    expect(
      within(nullable)
        .getAllByRole("cell")
        .map((cell) => cell.textContent),
    ).toEqual(["not null", "allowed"]);
    const groups = within(table)
      .getAllByRole("rowheader")
      .filter((head) => head.getAttribute("scope") === "rowgroup");
    expect(groups.map((head) => head.textContent)).toEqual([
      "backup_2025 1",
      "consultants 1",
      "users 2",
      "Other objects 1",
    ]);
    expect(await axeFindings()).toEqual([]);
  });

  it("are filtered by what is different and by words, and copied as a sheet", async () => {
    const user = userEvent.setup();
    let copied = "";
    await renderWindow(pair, {}, compared);
    vi.spyOn(navigator.clipboard, "writeText").mockImplementation(async (text) => {
      copied = text;
    });
    await user.click(await screen.findByRole("radio", { name: "Missing 1" }));
    await waitFor(() => expect(screen.queryByRole("row", { name: /daily_rate/ })).toBeNull());
    expect(screen.getByRole("row", { name: /own_company/ })).toBeDefined();
    await user.click(screen.getByRole("radio", { name: "All 5" }));
    await user.type(screen.getByRole("searchbox", { name: "Search differences" }), "USERS email");
    await waitFor(() => expect(screen.queryByRole("row", { name: /own_company/ })).toBeNull());
    await user.click(screen.getByRole("button", { name: "Copy the list" }));
    expect(copied).toBe(
      "\tWhat\tLycée Victor Hugo\tClinique du Parc\ndifferent\tcolumn users.email null values\tnot null\tallowed",
    );
    await user.type(screen.getByRole("searchbox", { name: "Search differences" }), " nothing");
    expect(await screen.findByText("No difference fits")).toBeDefined();
  });

  it("come with the SQL that repairs, after what it costs and leaves", async () => {
    const user = userEvent.setup();
    let copied = "";
    await renderWindow(pair, {}, compared);
    vi.spyOn(navigator.clipboard, "writeText").mockImplementation(async (text) => {
      copied = text;
    });
    await user.click(await screen.findByRole("tab", { name: /Repair SQL/ }));
    expect(screen.getByText("1 statement may lose data:", { exact: false })).toBeDefined();
    expect(screen.getByText("1 statement writes every row", { exact: false })).toBeDefined();
    expect(screen.getByText("1 difference stays", { exact: false })).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Copy the SQL" }));
    expect(copied).toBe(manual.sql);
    expect(await axeFindings()).toEqual([]);
  });

  it("may be equal, or the same tenant twice", async () => {
    const equal = {
      ...manual,
      changes: [],
      sql: "",
      statements: 0,
      destructive: [],
      rewrites: [],
      unrepaired: [],
    };
    const first = await renderWindow(pair, {}, { shape_compare: () => equal });
    expect(
      await screen.findByText("Clinique du Parc has the same structure as Lycée Victor Hugo"),
    ).toBeDefined();
    first.unmount();
    await renderWindow(`${place}?reference=harbour_field&tenant=harbour_field`);
    expect(await screen.findByText("The same tenant on both sides")).toBeDefined();
  });

  it("say which tenant is gone", async () => {
    await renderWindow(
      pair,
      {},
      {
        shape_compare: () => {
          throw refuse("tenant_missing", { name: "clinique_du_parc" });
        },
      },
    );
    expect(await screen.findByText("The two structures could not be compared")).toBeDefined();
  });

  it("are the largest class's and a tenant's where no reference is named", async () => {
    let asked = {};
    const one = {
      fingerprint: "s1:abcd",
      tenants: ["harbour_field"],
      reference: true,
      differences: 0,
      changes: [],
    };
    const fleet = { classes: [one], reference: "harbour_field", duration_ms: 90 };
    await renderWindow(
      `${place}?tenant=clinique_du_parc`,
      {},
      {
        shape_classes: () => fleet,
        shape_compare: (request) => {
          asked = request;
          return manual;
        },
      },
    );
    const name = "Differences between Harbour & Field and Clinique du Parc";
    expect(await screen.findByRole("table", { name })).toBeDefined();
    expect(asked).toMatchObject({ reference: "harbour_field", tenant: "clinique_du_parc" });
  });

  it("change sides", async () => {
    const user = userEvent.setup();
    const { router } = await renderWindow(pair, {}, compared);
    await user.click(await screen.findByRole("button", { name: "Swap the two" }));
    await waitFor(() =>
      expect(router.state.location.search).toEqual({
        reference: "clinique_du_parc",
        tenant: "lycee_victor_hugo",
      }),
    );
  });

  it("are reached from a selection of two, and from a tenant's page against the reference", async () => {
    const user = userEvent.setup();
    selectTenants(new Set(["lycee_victor_hugo", "clinique_du_parc"]));
    const first = await renderWindow("/tenants");
    await user.click(await screen.findByRole("button", { name: "More" }));
    await user.click(await screen.findByRole("menuitem", { name: "Compare the structures" }));
    await waitFor(() =>
      expect(first.router.state.location.search).toEqual({
        reference: "clinique_du_parc",
        tenant: "lycee_victor_hugo",
      }),
    );
    first.unmount();
    const second = await renderWindow("/tenants/harbour_field");
    await user.click(await screen.findByRole("button", { name: "Compare" }));
    await user.click(await screen.findByRole("menuitem", { name: "Structure with the reference" }));
    await waitFor(() => expect(second.router.state.location.search).toEqual({ tenant: "harbour_field" }));
  });
});
