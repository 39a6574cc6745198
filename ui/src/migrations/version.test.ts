import { expect, it } from "vitest";
import { narrowVersion, plainVersion, shortVersion } from "./version";

it("writes versions that are times as their day, and numbers as they are", () => {
  expect(shortVersion(20251117080000)).toBe("2025-11-17");
  expect(shortVersion(12)).toBe("v12");
  expect(shortVersion(20259917080000)).toBe("v20259917080000");
});

it("writes a version in a sentence as its day, or as its number", () => {
  expect(plainVersion(20251117080000)).toBe("2025-11-17");
  expect(plainVersion("20251117080000")).toBe("2025-11-17");
  expect(plainVersion(12)).toBe("12");
  expect(plainVersion("12")).toBe("12");
});

it("writes a version above a narrow column so that it is told from its neighbours", () => {
  expect(narrowVersion(20251117080000, [20250908083000, 20251117080000])).toBe("11-17");
  expect(narrowVersion(20251117080100, [20251117080000, 20251117080100])).toBe("…100");
  expect(narrowVersion(12, [11, 12])).toBe("v12");
  expect(narrowVersion(20259917080000, [])).toBe("…000");
});
