import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { RowQuery } from "../api/types";
import { pageOf } from "../platform/mock/rows";
import { axeFindings, renderWindow } from "../testing/render";

const page = "/tenants/lycee_victor_hugo";
const tab = (name: string) => screen.findByRole("tab", { name: new RegExp(`^${name}`) });

describe("a tenant's page", () => {
  it("shows what the tenant is and where its space goes", async () => {
    await renderWindow(page);
    expect(await screen.findByRole("heading", { name: "Lycée Victor Hugo" })).toBeInTheDocument();
    expect(await screen.findByRole("region", { name: "Facts" })).toHaveTextContent("cadastre_admin");
    expect(screen.getByRole("region", { name: "Largest tables" })).toHaveTextContent("matches");
  });

  it("leads from a table to its columns, constraints and indexes", async () => {
    const person = userEvent.setup();
    await renderWindow(page);
    await person.click(await tab("Tables"));
    await person.click(await screen.findByRole("button", { name: "users" }));
    expect(await screen.findByText("hashed_password")).toBeInTheDocument();
    expect(screen.getByText("UNIQUE (email)")).toBeInTheDocument();
    expect(screen.getAllByText("users_email_key").length).toBe(2);
  });

  it("tells NULL from an empty text, and sorts and filters on the server", async () => {
    const person = userEvent.setup();
    const asked = vi.fn();
    await renderWindow(
      `${page}?tab=rows&table=consultants`,
      {},
      {
        table_rows: ({ query }: { query: RowQuery }) => {
          asked(query);
          return pageOf(query, 500);
        },
      },
    );
    expect((await screen.findAllByText("NULL")).length).toBeGreaterThan(0);
    await person.click(screen.getByRole("button", { name: /^title/ }));
    await waitFor(() =>
      expect(asked).toHaveBeenLastCalledWith(
        expect.objectContaining({ order_by: "title", descending: false }),
      ),
    );
    await person.click(screen.getByRole("button", { name: "Next page" }));
    await waitFor(() => expect(asked).toHaveBeenLastCalledWith(expect.objectContaining({ offset: 100 })));
    await person.click(screen.getByRole("button", { name: "Filter" }));
    await person.type(screen.getByLabelText("Value"), "12{Enter}");
    await waitFor(() =>
      expect(asked).toHaveBeenLastCalledWith(
        expect.objectContaining({
          offset: 0,
          filters: [{ column: "user_id", operator: "equals", value: "12" }],
        }),
      ),
    );
  });

  it("counts exactly when somebody asks, and forgets the count with other filters", async () => {
    const person = userEvent.setup();
    await renderWindow(`${page}?tab=rows&table=matches`);
    await person.click(await screen.findByRole("button", { name: "Count exactly" }));
    expect(await screen.findByText(/of exactly/)).toBeInTheDocument();
    await person.click(screen.getByRole("button", { name: "Filter" }));
    await person.type(screen.getByLabelText("Value"), "3{Enter}");
    await waitFor(() => expect(screen.queryByText(/of exactly/)).not.toBeInTheDocument());
  });

  it("shows a whole row from top to bottom", async () => {
    const person = userEvent.setup();
    await renderWindow(`${page}?tab=rows&table=resumes`);
    (await screen.findByRole("grid", { name: "Rows of resumes" })).focus();
    await person.keyboard("{Enter}");
    const record = await screen.findByRole("dialog", { name: "Row 1" });
    expect(within(record).getByText("extracted_data")).toBeInTheDocument();
  });

  it("says so when the tenant is gone, and leads back", async () => {
    await renderWindow("/tenants/nobody");
    expect(await screen.findByText("There is no tenant nobody.")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "All tenants" })).toBeInTheDocument();
  });

  it.each(["overview", "tables", "structure", "rows", "enums", "journal"])(
    "has nothing that axe objects to: %s",
    async (name) => {
      await renderWindow(`${page}?tab=${name}`, { language: "fr" });
      await screen.findByRole("heading", { name: "Lycée Victor Hugo" });
      await waitFor(() => expect(document.querySelector("[aria-label='Lecture…']")).toBeNull());
      expect(await axeFindings()).toEqual([]);
    },
  );
});
