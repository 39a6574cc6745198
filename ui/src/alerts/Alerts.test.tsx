import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { invalidateTags } from "../api/client";
import type { Alert, AlertItem, Alerts } from "../api/types";
import { usualThresholds } from "../platform/mock/alerts";
import { createFleet } from "../platform/mock/fleet";
import { refuse } from "../platform/mock/refuse";
import { axeFindings, renderWindow } from "../testing/render";

const schemas = createFleet(40).map((tenant) => tenant.schema);
const item = (part: Partial<AlertItem>): AlertItem => ({
  schema: null,
  object: null,
  number: null,
  at: null,
  error: null,
  ...part,
});
const found = (alerts: Alert[]): Alerts => ({
  alerts,
  not_watched: [],
  thresholds: usualThresholds,
  tenants: 40,
  duration_ms: 100,
});
const error = { ...refuse("lock_timeout", { schema: schemas[2] ?? "" }) };
const everything: Alert[] = [
  {
    kind: "migration_failed",
    level: "error",
    message: "",
    limit: null,
    items: [item({ schema: schemas[2], object: "0123456789abcdef", at: "2026-11-01T10:00:00Z", error })],
  },
  {
    kind: "backup_missed",
    level: "error",
    message: "",
    limit: 48,
    items: schemas.slice(0, 30).map((schema) => item({ schema })),
  },
  {
    kind: "quota_exceeded",
    level: "error",
    message: "",
    limit: 100,
    items: [item({ schema: schemas[0], object: "people", number: 112 })],
  },
  {
    kind: "drift",
    level: "warning",
    message: "",
    limit: null,
    items: [item({ schema: schemas[1], object: "7" })],
  },
  {
    kind: "connections",
    level: "error",
    message: "",
    limit: 90,
    items: [item({ number: 96 })],
  },
  {
    kind: "blocked",
    level: "warning",
    message: "",
    limit: 60,
    items: [item({ object: "pid 4211, app", number: 95 })],
  },
];

afterEach(() => vi.useRealTimers());

describe("alerts", () => {
  it("say what is beyond its threshold, whom it concerns, and lead there", async () => {
    const person = userEvent.setup();
    const { container, router } = await renderWindow(
      "/health/alerts",
      {},
      { alerts_raised: () => found(everything) },
    );
    const missed = await screen.findByRole("region", {
      name: "30 tenants without a verified backup of the last 2 days",
    });
    expect(within(missed).getAllByText("never")).toHaveLength(20);
    expect(within(missed).getByText("and 10 more")).toBeInTheDocument();
    const failed = screen.getByRole("region", { name: "The last migration of 1 tenant failed" });
    expect(within(failed).getByRole("link", { name: "run 01234567" })).toHaveAttribute(
      "href",
      "/journal/runs/0123456789abcdef",
    );
    expect(screen.getByRole("region", { name: "1 quota is exceeded" })).toHaveTextContent("people: 112 %");
    expect(
      screen.getByRole("region", { name: /^96 connections are in use: 90 % or more/ }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole("region", { name: /^1 session has been waiting for a lock for 1 minute or longer/ }),
    ).toHaveTextContent("pid 4211, app");
    // The gravest stand first.
    const regions = within(screen.getByRole("main"))
      .getAllByRole("region")
      .map((one) => one.textContent ?? "");
    expect(regions.findIndex((text) => text.includes("Warning"))).toBe(4);
    expect(await axeFindings(container)).toEqual([]);
    await person.click(within(missed).getByRole("button", { name: "Select them in the list" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/tenants"));
    expect(await screen.findByText("30 selected", { exact: false })).toBeInTheDocument();
  });

  it("say it in French too, and when there is nothing", async () => {
    const { container } = await renderWindow(
      "/health/alerts",
      { language: "fr" },
      { alerts_raised: () => found([]) },
    );
    expect(await screen.findByText("Rien ne dépasse son seuil")).toBeInTheDocument();
    expect(await axeFindings(container)).toEqual([]);
  });

  it("say what went wrong when they cannot be looked at", async () => {
    await renderWindow(
      "/health/alerts",
      {},
      {
        alerts_raised: () => {
          throw refuse("permission_denied", { object: "the database" });
        },
      },
    );
    expect(await screen.findByText("The thresholds could not be looked at")).toBeInTheDocument();
  });

  it("are told by the desktop once, and by the number beside the place until they are gone", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    let present = everything.slice(1, 2);
    const notices: string[] = [];
    const { client } = await renderWindow(
      "/tenants",
      {},
      {
        alerts_raised: () => found(present),
        notify: ({ body }: { body: string }) => {
          notices.push(body);
          return true;
        },
      },
    );
    await screen.findByRole("navigation", { name: "Places" });
    expect(notices).toEqual([]);
    await act(() => vi.advanceTimersByTimeAsync(9_000));
    expect(await screen.findByText("1 alert")).toBeInTheDocument();
    await waitFor(() => expect(notices).toHaveLength(1));
    expect(notices[0]).toContain("30 tenants without a verified backup");
    const again = () => act(() => invalidateTags(client, ["alerts"]));
    await again();
    expect(notices).toHaveLength(1);
    present = [...present, ...everything.slice(3, 4)];
    await again();
    await waitFor(() => expect(notices).toHaveLength(2));
    expect(notices[1]).not.toContain("backup");
    expect(await screen.findByText("2 alerts")).toBeInTheDocument();
    present = [];
    await again();
    await waitFor(() => expect(screen.queryByText(/alert/)).toBeNull());
    expect(notices).toHaveLength(2);
  });
});
