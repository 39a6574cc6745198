import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { SlowQueries } from "../../api/types";
import { createFleet } from "../../platform/mock/fleet";
import { axeFindings, renderWindow } from "../../testing/render";

const fleet = createFleet(40);
const schemaAt = (index: number) => fleet[index]?.schema ?? "";
const dock = () => screen.getByRole("region", { name: "Runs" });

describe("activity", () => {
  it("shows sessions with the tenant they have to do with, and says what the role cannot see", async () => {
    const { container } = await renderWindow("/health/activity");
    const grid = await screen.findByRole("grid", { name: "Sessions" });
    await waitFor(() => expect(grid).toHaveTextContent("4711"));
    expect(grid).toHaveTextContent("Idle in transaction");
    expect(within(grid).getAllByText(schemaAt(0)).length).toBeGreaterThan(0);
    expect(grid).toHaveTextContent("not visible");
    expect(grid).not.toHaveTextContent("4900");
    expect(container).toHaveTextContent("Of 1 session of another role nothing can be seen");
    expect(await axeFindings(container)).toEqual([]);
  });

  it("draws who blocks whom, and explains one of them", async () => {
    const person = userEvent.setup();
    await renderWindow("/health/activity");
    await person.click(await screen.findByRole("radio", { name: "Blocked (2)" }));
    const grid = await screen.findByRole("grid", { name: "Who blocks whom" });
    expect(grid).toHaveTextContent("4711: app_backend");
    expect(grid).toHaveTextContent(`AccessExclusiveLock · ${schemaAt(0)}.invoices`);
    await person.click(within(grid).getByText("4733: dba"));
    const panel = await screen.findByRole("complementary", { name: "Process 4733" });
    expect(panel).toHaveTextContent("Held up by 4711, 4720.");
    expect(panel).toHaveTextContent("It holds a lock on, or waits for, a table of the tenant");
    await person.keyboard("{Escape}");
  });

  it("lists long and prepared transactions", async () => {
    const person = userEvent.setup();
    await renderWindow("/health/activity");
    await person.click(await screen.findByRole("radio", { name: "Long transactions (2)" }));
    const grid = await screen.findByRole("grid", { name: "Long transactions" });
    expect(grid).toHaveTextContent("tx_20260301");
    expect(grid).toHaveTextContent("91,020 transactions");
  });

  it("ends a session by a plan that says what is rolled back", async () => {
    const person = userEvent.setup();
    await renderWindow("/health/activity");
    const grid = await screen.findByRole("grid", { name: "Sessions" });
    await person.click(await within(grid).findByText("4711"));
    const panel = await screen.findByRole("complementary", { name: "Process 4711" });
    await person.click(within(panel).getByRole("button", { name: "End…" }));
    const plan = await screen.findByRole("dialog", { name: "End 1 session" });
    const apply = within(plan).getByRole("button", { name: "End 1 session" });
    await waitFor(() => expect(apply).toBeEnabled());
    expect(plan).toHaveTextContent("What its transaction has changed is rolled back.");
    expect(plan).toHaveTextContent("2 sessions wait for it.");
    expect(await axeFindings(plan)).toEqual([]);
    await person.click(apply);
    await waitFor(() => expect(dock()).toHaveTextContent("1 session ended"));
    await waitFor(() => expect(within(grid).queryByText("4711")).toBeNull(), { timeout: 8000 });
  });

  it("ends nothing through a read-only connection", async () => {
    const person = userEvent.setup();
    await renderWindow("/health/activity", { readOnly: true });
    const grid = await screen.findByRole("grid", { name: "Sessions" });
    await person.click(await within(grid).findByText("4711"));
    const end = await screen.findByRole("button", { name: "End…" });
    expect(end).toHaveAttribute("aria-disabled", "true");
    await person.click(end);
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});

describe("queries", () => {
  it("says for whom a statement has run, and what is not known", async () => {
    const person = userEvent.setup();
    const { container } = await renderWindow("/health/queries");
    const grid = await screen.findByRole("grid", { name: "Statements" });
    await waitFor(() => expect(grid).toHaveTextContent("select * from invoices"));
    const panel = screen.getByRole("complementary", { name: "The statement" });
    expect(panel).toHaveTextContent("The statement names no schema, so it is one for all tenants.");
    expect(panel).toHaveTextContent("40 entries of it");
    await person.click(within(grid).getByText(/update \{schema\}\.invoices/));
    await waitFor(() => expect(panel).toHaveTextContent(schemaAt(0)));
    expect(container).toHaveTextContent("thrown away statements 3 times");
    expect(await axeFindings(container)).toEqual([]);
  });

  it("shows the SQL that adds the extension where it is missing", async () => {
    const answer: SlowQueries = {
      missing: { why: "not_created", sql: "create extension pg_stat_statements;\n", restart: false },
      queries: [],
      more: 0,
      total_ms: 0,
      attributed_ms: 0,
      hidden: 0,
      hidden_ms: 0,
      since: null,
      evictions: null,
      capacity: null,
      merged: false,
      nested: false,
      duration_ms: 3,
    };
    const { container } = await renderWindow("/health/queries", {}, { watch_queries: () => answer });
    expect(
      await screen.findByText("pg_stat_statements was not created in this database"),
    ).toBeInTheDocument();
    expect(screen.getByRole("textbox", { name: "SQL that would change that" })).toHaveTextContent(
      "create extension pg_stat_statements;",
    );
    expect(await axeFindings(container)).toEqual([]);
  });
});

describe("storage", () => {
  it("shows the largest tables and how many have no estimate", async () => {
    const { container } = await renderWindow("/health/storage");
    const grid = await screen.findByRole("grid", { name: "Largest tables" });
    expect(grid).toHaveTextContent("invoices");
    expect(container).toHaveTextContent("1 table has no estimate of bloat");
    expect(await axeFindings(container)).toEqual([]);
  });

  it("gives the fleet’s verdict on an index, and the SQL only where it can go", async () => {
    const person = userEvent.setup();
    await renderWindow("/health/storage");
    await screen.findByRole("grid", { name: "Largest tables" });
    await person.click(screen.getByRole("radio", { name: "Indexes" }));
    const grid = await screen.findByRole("grid", { name: "Indexes" });
    await person.click(within(grid).getByText("invoices_note_idx"));
    const unused = await screen.findByRole("complementary", { name: "invoices_note_idx" });
    expect(unused).toHaveTextContent("No tenant has scanned it since");
    expect(
      within(unused).getByRole("textbox", { name: "SQL that removes it in every tenant" }),
    ).toHaveTextContent(`drop index concurrently "${schemaAt(0)}"."invoices_note_idx";`);
    await person.click(within(grid).getByText("invoices_pkey"));
    const needed = await screen.findByRole("complementary", { name: "invoices_pkey" });
    expect(needed).toHaveTextContent("it is needed for a constraint or unique values");
    expect(within(needed).queryByText("SQL that removes it in every tenant")).toBeNull();
  });
});
