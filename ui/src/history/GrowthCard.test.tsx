import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { changeLanguage } from "../i18n/i18n";
import { installMock } from "../platform/mock";
import { createFleet } from "../platform/mock/fleet";
import { historyOf } from "../platform/mock/history";
import { axeFindings, renderPart } from "../testing/render";
import { GrowthCard } from "./GrowthCard";

const [tenant] = createFleet(1);
if (!tenant) throw new Error("the pretended fleet is empty");
const told = historyOf(tenant, null);

async function show(history: unknown) {
  await changeLanguage("en");
  installMock({ pace: 0, connected: true }, { stats_history: () => [history] });
  renderPart(<GrowthCard schema={tenant?.schema ?? ""} />);
}

describe("the growth of a tenant", () => {
  it("teaches how a history comes about where there is none", async () => {
    await show({ ...told, points: [], growth: [], trend: null });
    expect(await screen.findByText(/Nothing is known yet/)).toBeInTheDocument();
    expect(screen.getByText("cadastre stats --snapshot")).toBeInTheDocument();
  });

  it("says how much and how fast", async () => {
    await show(told);
    expect(await screen.findByText(/in 30 days/)).toBeInTheDocument();
    expect(screen.getByText(/a day \(±/)).toBeInTheDocument();
    expect(screen.queryByText(/limit/)).toBeNull();
    expect(await axeFindings()).toEqual([]);
  });

  it("says when the limit will be reached, and how sure that is", async () => {
    const forecast = {
      limit_bytes: 1 << 30,
      outlook: "reaches",
      at: "2027-03-03T00:00:00Z",
      earliest: "2027-02-01T00:00:00Z",
      latest: null,
    };
    await show({ ...told, forecast });
    expect(
      await screen.findByText(
        /about March 3, 2027; the sizes scatter so much that it may be February 1, 2027/,
      ),
    ).toBeInTheDocument();
    expect(screen.getByText("The broken line is the limit of 1.0 GB.")).toBeInTheDocument();
  });

  it("tells nothing of a trend where the history is too short", async () => {
    await show({ ...told, points: told.points.slice(-3), growth: [], trend: null });
    expect(await screen.findByText(/A forecast needs five days/)).toBeInTheDocument();
  });
});
