import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Misplaced } from "../api/types";
import { axeFindings, renderWindow } from "../testing/render";
import { groupsOf } from "./groups";

const nothing: Misplaced = { schema: "public", found: [], reference: null, tenants: 3, duration_ms: 1 };

describe("tables in the wrong schema", () => {
  it("are named above the tenants, moved after a plan, and gone then", async () => {
    const person = userEvent.setup();
    await renderWindow("/tenants");
    const [notice] = await screen.findAllByText(/^2 objects in public seem to belong to /);
    expect(notice).toBeInTheDocument();
    await person.click(screen.getByRole("button", { name: "Plan the move…" }));
    const plan = await screen.findByRole("dialog", { name: /^Move objects to / });
    expect(await within(plan).findByText("application_notes, note_kind")).toBeInTheDocument();
    expect(within(plan).getByText(/that is compared before the commit/)).toBeInTheDocument();
    expect(await axeFindings(plan)).toEqual([]);
    const move = within(plan).getByRole("button", { name: "Move 2 objects" });
    await waitFor(() => expect(move).toBeEnabled());
    await person.click(move);
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    // The end of the run leads back.
    const [back] = await screen.findAllByRole("button", { name: "Move back…" });
    await waitFor(() => expect(screen.queryByText(/objects in public seem/)).not.toBeInTheDocument());
    await person.click(back as HTMLElement);
    const returning = await screen.findByRole("dialog", { name: /^Move objects of / });
    expect(await within(returning).findByText("application_notes, note_kind")).toBeInTheDocument();
  });

  it("stand on the page of their tenant, with what speaks for it", async () => {
    const { container } = await tenantPage();
    const card = await within(container).findByRole("region", { name: "In another schema" });
    expect(
      within(card).getAllByText(/alone has none of this name; tenants that have one: 39\./),
    ).toHaveLength(2);
    expect(within(card).getByText("sure")).toBeInTheDocument();
    expect(within(card).getByText("likely")).toBeInTheDocument();
    expect(await axeFindings(card)).toEqual([]);
  });

  it("are not mentioned where there are none, and cannot be moved through a read-only connection", async () => {
    const { unmount } = await renderWindow("/tenants", {}, { misplaced_find: () => nothing });
    await screen.findByRole("grid");
    expect(screen.queryByText(/objects in public/)).not.toBeInTheDocument();
    unmount();
    await renderWindow("/tenants", { readOnly: true });
    expect(await screen.findByRole("button", { name: "Plan the move…" })).toBeDisabled();
  });

  it("are grouped by tenant, without what cannot be told", () => {
    const one = (name: string, tenant: string | null, certainty: "sure" | "unknown") => ({
      name,
      kind: "table" as const,
      certainty,
      tenant,
      tenant_name: tenant?.toUpperCase() ?? null,
      evidence: [],
      doubts: [],
      owner: "o",
      rows: 0,
      size_bytes: 0,
    });
    const found = [
      one("a", "x", "sure"),
      one("b", "y", "sure"),
      one("c", "y", "sure"),
      one("d", "x", "unknown"),
    ];
    const groups = groupsOf({ ...nothing, found: [...found, one("e", null, "unknown")] });
    expect(groups.map(({ tenant, candidates }) => [tenant.name, candidates.length])).toEqual([
      ["Y", 2],
      ["X", 1],
    ]);
  });
});

/** The page of the tenant that the pretended database has something of in `public`. */
async function tenantPage() {
  const { createFleet } = await import("../platform/mock/fleet");
  const schema = createFleet(40)[0]?.schema ?? "";
  return renderWindow(`/tenants/${schema}`);
}
