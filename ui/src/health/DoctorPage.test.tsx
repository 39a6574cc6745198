import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { DoctorReport } from "../api/types";
import { createFleet } from "../platform/mock/fleet";
import { refuse } from "../platform/mock/refuse";
import { axeFindings, renderWindow } from "../testing/render";

const fleet = createFleet(40);
const schemaAt = (index: number) => fleet[index]?.schema ?? "";
const dock = () => screen.getByRole("region", { name: "Runs" });
/** The checks, when all are over. */
const checks = async () => {
  const list = await screen.findByRole("navigation", { name: "Checks" });
  await waitFor(() => expect(list).not.toHaveTextContent("goes on"));
  return list;
};

describe("the doctor", () => {
  it("lists what is wrong, the gravest first, and explains one of it", async () => {
    const { container } = await renderWindow("/health");
    const list = await checks();
    expect(within(list).getByRole("button", { name: /All findings/ })).toHaveAttribute(
      "aria-pressed",
      "true",
    );
    expect(within(list).getByRole("button", { name: /Error – Isolation of tenants/ })).toHaveTextContent("1");
    expect(within(list).getByRole("button", { name: /^Owners/ })).toHaveTextContent("0");
    expect(list).toHaveTextContent("This database has no registry.");
    const panel = screen.getByRole("complementary", { name: "Isolation of tenants" });
    expect(panel).toHaveTextContent(
      `app_${schemaAt(1)}, the role of ${schemaAt(1)}, has rights in this tenant.`,
    );
    expect(panel).toHaveTextContent("A tenant’s role can read, or change, another tenant’s data.");
    expect(within(panel).getByRole("textbox", { name: "SQL that repairs it" })).toHaveTextContent(
      "revoke all on all tables",
    );
    expect(await axeFindings(container)).toEqual([]);
  });

  it("shows each check as soon as it is over", async () => {
    const part: DoctorReport = {
      findings: [],
      checks_run: [{ check: "usage", why: "…", findings: 0 }],
      not_checked: [],
      tenants: 40,
      examined_at: "2026-03-01T12:00:00Z",
      duration_ms: 90,
    };
    let finish: (report: DoctorReport) => void = () => undefined;
    const report = new Promise<DoctorReport>((resolve) => {
      finish = resolve;
    });
    const { container } = await renderWindow(
      "/health",
      {},
      {
        doctor_examine: ({ parts }: { parts: { onmessage: (part: DoctorReport) => void } }) => {
          parts.onmessage(part);
          return report;
        },
      },
    );
    const list = await screen.findByRole("navigation", { name: "Checks" });
    expect(await screen.findAllByText("1 of 22 checks")).toHaveLength(2);
    expect(within(list).getByRole("button", { name: /^USAGE on schemas 0$/ })).toBeInTheDocument();
    expect(within(list).getByRole("button", { name: /^Owners goes on$/ })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /^Repair/ })).toBeNull();
    expect(await axeFindings(container)).toEqual([]);
    finish(part);
    expect(await screen.findByText("Nothing is wrong")).toBeInTheDocument();
  });

  it("narrows the list by check, level and words", async () => {
    const person = userEvent.setup();
    await renderWindow("/health");
    const list = await checks();
    await person.click(within(list).getByRole("button", { name: /Indexes that are not valid/ }));
    const grid = screen.getByRole("grid", { name: "Findings" });
    await waitFor(() => expect(within(grid).getAllByText("Warning")).toHaveLength(3));
    expect(screen.getByRole("button", { name: "Repair 3 findings…" })).toBeInTheDocument();
    await person.click(within(list).getByRole("button", { name: /^Owners/ }));
    expect(await screen.findByText("This check has found nothing")).toBeInTheDocument();
    await person.click(within(list).getByRole("button", { name: /All findings/ }));
    await person.type(screen.getByRole("searchbox", { name: "Search tenants and objects" }), "max_locks");
    await waitFor(() => expect(within(grid).getAllByText("Whole database")).toHaveLength(1));
    // What wants a restart is for a person.
    const panel = screen.getByRole("complementary", { name: "Table of locks" });
    expect(panel).toHaveTextContent("it is not applied by a plan");
    expect(within(panel).queryByRole("button", { name: "Repair…" })).toBeNull();
  });

  it("repairs one finding by a plan, and examines again when the run has ended", async () => {
    const person = userEvent.setup();
    await renderWindow("/health");
    await checks();
    const panel = screen.getByRole("complementary", { name: "Isolation of tenants" });
    await person.click(within(panel).getByRole("button", { name: "Repair…" }));
    const plan = await screen.findByRole("dialog", { name: "Repair 1 finding" });
    const apply = within(plan).getByRole("button", { name: "Repair 1 finding" });
    await waitFor(() => expect(apply).toBeEnabled());
    expect(plan).toHaveTextContent("it counts when it is gone");
    expect(await axeFindings(plan)).toEqual([]);
    await person.click(apply);
    await waitFor(() => expect(dock()).toHaveTextContent("1 tenant repaired"));
    const list = await checks();
    await waitFor(() =>
      expect(within(list).getByRole("button", { name: /^Isolation of tenants/ })).toHaveTextContent("0"),
    );
  });

  it("says what was looked at where nothing is wrong", async () => {
    const report: DoctorReport = {
      findings: [],
      checks_run: [{ check: "usage", why: "…", findings: 0 }],
      not_checked: [{ check: "sequence_behind", reason: "no_right", objects: 3, message: "…" }],
      tenants: 1000,
      examined_at: "2026-03-01T12:00:00Z",
      duration_ms: 900,
    };
    const { container } = await renderWindow("/health", {}, { doctor_examine: () => report });
    expect(await screen.findByText("Nothing is wrong")).toBeInTheDocument();
    expect(container).toHaveTextContent("1 check, 1,000 tenants.");
    expect(container).toHaveTextContent("Sequences behind their column (3 objects)");
    expect(await axeFindings(container)).toEqual([]);
  });

  it("repairs nothing through a read-only connection, and says why it failed", async () => {
    const person = userEvent.setup();
    let fails = true;
    await renderWindow(
      "/health",
      { readOnly: true },
      {
        doctor_examine: () => {
          if (fails) throw refuse("connection_lost");
          return {
            findings: [],
            checks_run: [],
            not_checked: [],
            tenants: 0,
            examined_at: "2026-03-01T12:00:00Z",
            duration_ms: 1,
          };
        },
      },
    );
    expect(await screen.findByText("The database could not be examined")).toBeInTheDocument();
    fails = false;
    await person.click(screen.getAllByRole("button", { name: "Try again" })[0] as HTMLElement);
    expect(await screen.findByText("Nothing is wrong")).toBeInTheDocument();
  });
});
