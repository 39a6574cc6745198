import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(`${import.meta.dirname}/tokens.css`, "utf8");

function scheme(name: "light" | "dark"): Map<string, string> {
  const start = css.indexOf(`[data-mantine-color-scheme="${name}"]`);
  const block = css.slice(start, css.indexOf("}", start));
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1] ?? "", match[2] ?? ""]),
  );
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

const surfaces = ["bg", "surface", "sunk", "hover", "accent-soft"];
const pairs: [string, string][] = [
  ...surfaces.flatMap((surface): [string, string][] =>
    ["text", "dim", "faint", "accent-text", "ok", "warn", "bad", "info"].map((text) => [text, surface]),
  ),
  ...["ok", "warn", "bad", "info"].flatMap((role): [string, string][] => [
    [role, `${role}-soft`],
    ["text", `${role}-soft`],
    ["dim", `${role}-soft`],
  ]),
  ...["keyword", "string", "number", "comment", "type"].map((part): [string, string] => [
    `code-${part}`,
    "sunk",
  ]),
  ["on-accent", "accent"],
  ["on-accent", "accent-hover"],
  ["on-bad", "bad"],
  ["on-bad", "bad-hover"],
  ...["production", "staging", "development", "demo"].map((name): [string, string] => [
    "on-environment",
    name,
  ]),
  ["surface", "text"],
];

describe.each(["light", "dark"] as const)("the %s scheme", (name) => {
  const colours = scheme(name);
  it.each(pairs)("lets %s be read on %s", (text, ground) => {
    const ratio = contrast(colours.get(text) ?? "", colours.get(ground) ?? "");
    expect(Math.round(ratio * 100) / 100).toBeGreaterThanOrEqual(4.5);
  });

  it("shows every series of a chart against the surface", () => {
    for (let index = 1; index <= 8; index += 1) {
      expect(
        contrast(colours.get(`series-${index}`) ?? "", colours.get("surface") ?? ""),
      ).toBeGreaterThanOrEqual(3);
    }
  });
});
