import { expect, it } from "vitest";
import { shortVersion } from "./version";

it("writes versions that are times as their day, and numbers as they are", () => {
  expect(shortVersion(20251117080000)).toBe("2025-11-17");
  expect(shortVersion(12)).toBe("v12");
  expect(shortVersion(20259917080000)).toBe("v20259917080000");
});
