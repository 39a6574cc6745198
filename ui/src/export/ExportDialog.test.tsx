import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { ExportRequest, TenantSummary } from "../api/types";
import { installMock } from "../platform/mock";
import { createFleet } from "../platform/mock/fleet";
import { axeFindings, renderPart } from "../testing/render";
import { ExportDialog } from "./ExportDialog";

const fleet = createFleet(3) as [TenantSummary, TenantSummary, TenantSummary];

function open(tenants: readonly TenantSummary[]) {
  const requests: ExportRequest[] = [];
  installMock(
    { pace: 0, connected: true, tenants: 3 },
    {
      export_start: ({ request }: { request: ExportRequest }) => {
        requests.push(request);
        return "run-x";
      },
      run_attach: () => null,
    },
  );
  const onClose = vi.fn();
  renderPart(<ExportDialog opened onClose={onClose} tenants={tenants} />);
  return { requests, onClose };
}

describe("the export dialog", () => {
  it("cannot start without a folder, and starts with the one that was chosen", async () => {
    const user = userEvent.setup();
    const { requests, onClose } = open(fleet);
    const start = await screen.findByRole("button", { name: "Write 3 workbooks" });
    expect(start.hasAttribute("disabled")).toBe(true);
    expect(await axeFindings()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Choose…" }));
    await waitFor(() => expect(start.hasAttribute("disabled")).toBe(false));
    await user.click(start);
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(requests).toEqual([
      {
        tenants: fleet.map((tenant) => tenant.schema),
        tables: [],
        folder: "/home/alix/Exports",
        language: "en",
        format: "workbook",
        guard_formulas: false,
        unverified: false,
      },
    ]);
  });

  it("offers one tenant's tables, and writes only those that are ticked", async () => {
    const user = userEvent.setup();
    const { requests } = open([fleet[0]]);
    await user.click(await screen.findByRole("button", { name: "Choose…" }));
    await screen.findByText("All (11)");
    await user.click(screen.getByRole("radio", { name: "Some" }));
    await user.click(screen.getByRole("button", { name: "Deselect all" }));
    expect(screen.getByRole("button", { name: "Write the workbook" }).hasAttribute("disabled")).toBe(true);
    const group = screen.getByRole("group", { name: "Tables" });
    await user.click(within(group).getByRole("checkbox", { name: "consultants" }));
    await user.click(screen.getByRole("radio", { name: "Français" }));
    await user.click(screen.getByRole("button", { name: "Write the workbook" }));
    await waitFor(() => expect(requests[0]).toMatchObject({ tables: ["consultants"], language: "fr" }));
  });
});
