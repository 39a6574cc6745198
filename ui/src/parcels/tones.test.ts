import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { mix, shadeOf } from "./tones";

const css = readFileSync(`${import.meta.dirname}/../app/theme/tokens.css`, "utf8");

function scheme(name: "light" | "dark"): (token: string) => string {
  const start = css.indexOf(`[data-mantine-color-scheme="${name}"]`);
  const block = css.slice(start, css.indexOf("}", start));
  return (token) => new RegExp(`--${token}:\\s*(#[0-9a-f]{6})`).exec(block)?.[1] ?? "";
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((from) => {
    const value = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const tones = [
  "accent",
  "info",
  "warn",
  "bad",
  "faint",
  ...[2, 3, 4, 5, 6, 7, 8].map((place) => `series-${place}`),
];

describe.each(["light", "dark"] as const)("the map's colours in the %s scheme", (name) => {
  const colour = scheme(name);
  it.each(tones)("let name and figure be read on %s", (tone) => {
    const { fill, line } = shadeOf(colour("surface"), colour(tone));
    expect(contrast(colour("text"), fill)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour("dim"), fill)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(line, fill)).toBeGreaterThanOrEqual(1.6);
  });
});

describe("a colour between two", () => {
  it("goes from the one to the other", () => {
    expect(mix("#000000", "#ffffff", 0)).toBe("#000000");
    expect(mix("#000000", "#ffffff", 0.5)).toBe("#808080");
    expect(mix("#102030", "#ffeedd", 1)).toBe("#ffeedd");
    expect(mix("#fff", "#0AC", 0)).toBe("#ffffff");
    expect(mix("#fff", "#0AC", 1)).toBe("#00aacc");
  });
});
