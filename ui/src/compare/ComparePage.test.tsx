import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { TableFigures, TenantStats } from "../api/types";
import { selectTenants } from "../tenants/selection";
import { axeFindings, renderWindow } from "../testing/render";
import { byDifference, heatRows } from "./figures";

const table = (name: string, rows: number): TableFigures => ({
  table: name,
  rows,
  rows_estimated: true,
  size_bytes: 8192,
  index_bytes: 0,
  dead_rows: 0,
  indexes: 1,
  seq_scans: 0,
  index_scans: 0,
  writes: 0,
  cache_hit: null,
});
const tenant = (schema: string, tables: TableFigures[]) => ({ schema, name: schema, tables }) as TenantStats;

describe("the comparison by table", () => {
  it("puts what is missing first, then the greatest differences", () => {
    const rows = heatRows(
      [
        tenant("a", [table("users", 10), table("skills", 5), table("tenders", 1000)]),
        tenant("b", [table("users", 12), table("tenders", 10)]),
      ],
      "rows",
    ).sort(byDifference);
    expect(rows.map((row) => row.table)).toEqual(["skills", "tenders", "users"]);
    expect(rows[0]).toMatchObject({ missing: 1, difference: 5 });
  });
});

describe("the place to compare", () => {
  it("teaches what to do when nobody was chosen", async () => {
    await renderWindow("/compare");
    expect(await screen.findByText("Choose at least two tenants")).toBeDefined();
    expect(await axeFindings()).toEqual([]);
  });

  it("shows estimates of the selected tenants, and counts on demand", async () => {
    const user = userEvent.setup();
    selectTenants(new Set(["lycee_victor_hugo", "clinique_du_parc", "harbour_field"]));
    await renderWindow("/compare");
    expect(await screen.findByText("3 tenants, rows estimated")).toBeDefined();
    const grid = await screen.findByRole("grid", { name: "Figures" });
    await waitFor(() => expect(within(grid).getAllByText(/^≈/)).toHaveLength(3));
    await user.click(screen.getByRole("button", { name: "Count exactly" }));
    expect(await screen.findByText("3 tenants, rows counted")).toBeDefined();
    await waitFor(() => expect(within(grid).queryAllByText(/^≈/)).toHaveLength(0));
  });

  it("shades tables by tenants, and is accessible", async () => {
    const user = userEvent.setup();
    selectTenants(new Set(["lycee_victor_hugo", "clinique_du_parc"]));
    await renderWindow("/compare");
    await user.click(await screen.findByRole("tab", { name: "By table" }));
    expect((await screen.findAllByRole("row")).length).toBe(12);
    expect(await axeFindings()).toEqual([]);
  });

  it("says where the Excel file is", async () => {
    const user = userEvent.setup();
    selectTenants(new Set(["lycee_victor_hugo", "clinique_du_parc"]));
    await renderWindow("/compare");
    await user.click(await screen.findByRole("button", { name: "Export to Excel…" }));
    expect(await screen.findByText("/home/alix/Exports/comparison.xlsx")).toBeDefined();
  });
});
