import { expect, it, vi } from "vitest";
import { withPlausibleTimeLeft } from "./timeLeft";
import type { RunEvent, RunSummary } from "./types";

const at = (remaining_ms: number | null) =>
  ({ event: "progress", progress: { run: "r", remaining_ms }, ended: [{ schema: "a" }] }) as RunEvent;
const said = (heard: ReturnType<typeof vi.fn>) =>
  heard.mock.calls.map(
    ([event]) => (event as { progress: { remaining_ms: number | null } }).progress.remaining_ms,
  );

it("says no time left that is over before it is read", () => {
  const heard = vi.fn();
  const pass = withPlausibleTimeLeft(heard);
  for (const left of [null, 230, 999, 1000]) pass(at(left));
  expect(said(heard)).toEqual([null, null, null, 1000]);
  expect(heard.mock.calls[1]?.[0]).toMatchObject({ ended: [{ schema: "a" }] });
});

it("takes a time left back that has passed while nothing ended", () => {
  vi.useFakeTimers();
  const heard = vi.fn();
  const pass = withPlausibleTimeLeft(heard);
  pass(at(4000));
  vi.advanceTimersByTime(3000);
  pass(at(2000));
  vi.advanceTimersByTime(1999);
  expect(said(heard)).toEqual([4000, 2000]);
  vi.advanceTimersByTime(1);
  expect(said(heard)).toEqual([4000, 2000, null]);
  expect(heard.mock.calls[2]?.[0]).toMatchObject({ ended: [] });
});

it("has nothing to take back once the run is over", () => {
  vi.useFakeTimers();
  const heard = vi.fn();
  const pass = withPlausibleTimeLeft(heard);
  pass(at(4000));
  pass({ event: "finished", summary: {} as RunSummary });
  vi.advanceTimersByTime(10_000);
  expect(heard).toHaveBeenCalledTimes(2);
});
