import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { RestoreRequest } from "../api/types";
import type { MockOptions } from "../platform/mock";
import { axeFindings, renderWindow } from "../testing/render";

const file = "/home/alix/Exports/college_jean_moulin.xlsx";

async function open(path: string, options: Partial<MockOptions> = {}, replaced = {}) {
  const rendered = await renderWindow(
    `/backups?file=${encodeURIComponent(path)}`,
    { tenants: 3, ...options },
    replaced,
  );
  await screen.findByRole("grid", { name: "Tables of the workbook" });
  return rendered;
}

describe("a workbook in the window", () => {
  it("teaches what to do while none is open, and opens the one that is picked", async () => {
    const user = userEvent.setup();
    await renderWindow("/backups", { tenants: 3 });
    await screen.findByText("No workbook is open");
    expect(await axeFindings()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Open a workbook…" }));
    expect(await screen.findByRole("grid", { name: "Tables of the workbook" })).toBeDefined();
    expect(screen.getByText("alix")).toBeDefined();
  });

  it("is verified row by row, with the verdict in words", async () => {
    const user = userEvent.setup();
    await open(file);
    await user.click(await screen.findByRole("button", { name: "Verify" }));
    expect(await screen.findByText("Intact")).toBeDefined();
    expect(screen.getAllByText("as written").length).toBeGreaterThan(5);
    expect(await axeFindings()).toEqual([]);
  });

  it("names sheet and row of each change in a file that somebody edited", async () => {
    const user = userEvent.setup();
    await open(file.replace(".xlsx", "-edited.xlsx"));
    await user.click(await screen.findByRole("button", { name: "Verify" }));
    const places = await screen.findByRole("list", { name: "What is not as it was written" });
    expect(within(places).getByText("row 7")).toBeDefined();
    expect(within(places).getByText(/2 rows were added/)).toBeDefined();
    expect(await axeFindings()).toEqual([]);
  });

  it("can be left alone in the middle of a verification", async () => {
    const user = userEvent.setup();
    await open(file, { pace: 1 });
    await user.click(await screen.findByRole("button", { name: "Verify" }));
    await user.click(await screen.findByRole("button", { name: "Cancel" }));
    expect(await screen.findByRole("button", { name: "Verify" })).toBeDefined();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("is compared with the tenant that it was written from", async () => {
    const user = userEvent.setup();
    await open(file);
    await waitFor(() =>
      expect(screen.getByRole("button", { name: "Compare rows" }).hasAttribute("disabled")).toBe(false),
    );
    await user.click(screen.getByRole("button", { name: "Compare rows" }));
    expect(await screen.findByText("1 table differs")).toBeDefined();
    expect(screen.getByText("other rows")).toBeDefined();
  });

  it("comes back under another name while its own is taken, and leads to the report", async () => {
    const user = userEvent.setup();
    const { router } = await open(file);
    await screen.findByDisplayValue("Collège Jean-Moulin").catch(() => null);
    await user.click(screen.getByRole("button", { name: "Restore…" }));
    const name = await screen.findByRole("textbox", { name: "Name of the tenant" });
    expect((name as HTMLInputElement).value).toContain("(restored)");
    expect(await axeFindings()).toEqual([]);
    await waitFor(() =>
      expect(screen.getByRole("button", { name: "Show the plan" }).hasAttribute("disabled")).toBe(false),
    );
    await user.click(screen.getByRole("button", { name: "Show the plan" }));
    await user.click(await screen.findByRole("button", { name: "Restore 1 tenant" }));
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/journal\/runs\//));
    expect(await screen.findByText("Everything is what was written.", {}, { timeout: 4000 })).toBeDefined();
  });

  it("asks only for the chosen tables, and accepts edited rows only when it is told to", async () => {
    const user = userEvent.setup();
    const requests: RestoreRequest[] = [];
    await open(
      file.replace(".xlsx", "-edited.xlsx"),
      {},
      {
        workbook_restore_plan: ({ request }: { request: RestoreRequest }) => {
          requests.push(request);
          throw new Error("enough");
        },
      },
    );
    await user.click(screen.getByRole("button", { name: "Restore…" }));
    await user.click(await screen.findByRole("radio", { name: "Some" }));
    await user.click(screen.getByRole("button", { name: "Deselect all" }));
    await user.click(screen.getByRole("checkbox", { name: "consultants" }));
    await user.click(screen.getByRole("checkbox", { name: /Accept what was changed/ }));
    await waitFor(() =>
      expect(screen.getByRole("button", { name: "Show the plan" }).hasAttribute("disabled")).toBe(false),
    );
    await user.click(screen.getByRole("button", { name: "Show the plan" }));
    await waitFor(() => expect(requests[0]).toMatchObject({ tables: ["consultants"], accept_edited: true }));
  });

  const planned = async () => {
    const requests: RestoreRequest[] = [];
    const user = userEvent.setup();
    await open(
      file,
      {},
      {
        workbook_restore_plan: ({ request }: { request: RestoreRequest }) => {
          requests.push(request);
          throw new Error("enough");
        },
        pick_folder: () => "/home/alix/migrations",
      },
    );
    await user.click(screen.getByRole("button", { name: "Restore…" }));
    const plan = async () => {
      const button = screen.getByRole("button", { name: "Show the plan" });
      await waitFor(() => expect(button.hasAttribute("disabled")).toBe(false));
      await user.click(button);
      await waitFor(() => expect(requests.length).toBe(1));
      return requests[0];
    };
    return { user, plan };
  };

  it("takes the structure from the template that the file names, or from a folder", async () => {
    const { user, plan } = await planned();
    await user.click(await screen.findByRole("radio", { name: "From its template" }));
    expect(within(screen.getByRole("dialog")).getByText("talentmatch")).toBeDefined();
    expect(screen.getByText(/The migrations up to \d+ make it/)).toBeDefined();
    expect(await axeFindings()).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Choose a folder…" }));
    expect(await screen.findByText("/home/alix/migrations")).toBeDefined();
    expect(await plan()).toMatchObject({ template: "/home/alix/migrations", into: null });
  });

  it("goes into a tenant without rows, which needs no name", async () => {
    const { user, plan } = await planned();
    await user.click(await screen.findByRole("radio", { name: "Into a tenant" }));
    expect(screen.queryByRole("textbox", { name: "Name of the tenant" })).toBeNull();
    expect(screen.getByRole("button", { name: "Show the plan" }).hasAttribute("disabled")).toBe(true);
    await user.click(screen.getByRole("combobox", { name: "Tenant without rows" }));
    await user.click((await screen.findAllByRole("option"))[1] as HTMLElement);
    expect(await axeFindings()).toEqual([]);
    const request = await plan();
    expect(request).toMatchObject({ name: "", schema: null, template: null });
    expect(request?.into).toBeTruthy();
  });

  it("cannot be restored over a read-only connection, which is said, but verified", async () => {
    await open(file, { readOnly: true });
    expect(screen.getByRole("button", { name: "Restore…" }).hasAttribute("disabled")).toBe(true);
    expect(screen.getByText(/This connection is read-only/)).toBeDefined();
    expect(screen.getByRole("button", { name: "Verify" }).hasAttribute("disabled")).toBe(false);
  });

  it("is refused with a way on when it is none", async () => {
    await renderWindow("/backups?file=%2Fhome%2Fforeign.xlsx", { tenants: 3 });
    expect(await screen.findByText("The file was not opened")).toBeDefined();
    expect(screen.getByRole("button", { name: "Open another…" })).toBeDefined();
  });
});
