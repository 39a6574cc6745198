import type { Category } from "./category";

/** The colours of a category: the ground, its hatching, its border, and the border of the smallest parcels. */
export type Shade = { fill: string; mark: string; line: string; fine: string };

/** The colours of the map in the present scheme. */
export type Ink = {
  shades: readonly Shade[];
  text: string;
  dim: string;
  surface: string;
  accent: string;
  focus: string;
};

/** `#rgb` as `#rrggbb`: the tokens are written in the long form, but come out of the build in the shorter one. */
const long = (colour: string) =>
  colour.length === 4 ? colour.replaceAll(/[0-9a-f]/gi, (digit) => digit + digit) : colour;

/** A colour between two, as `#rrggbb`; a share of 0 is the first. */
export function mix(from: string, to: string, share: number): string {
  const part = (at: number) => {
    const [a, b] = [long(from), long(to)].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16));
    const value = Math.round((a ?? 0) + ((b ?? 0) - (a ?? 0)) * share);
    return Math.min(255, Math.max(0, value)).toString(16).padStart(2, "0");
  };
  return `#${part(1)}${part(3)}${part(5)}`;
}

/** The ground is so pale that text can be read on it; test: every pair of colours. */
export const shadeOf = (surface: string, tone: string): Shade => ({
  fill: mix(surface, tone, 0.17),
  mark: mix(surface, tone, 0.36),
  line: mix(surface, tone, 0.62),
  // Where parcels are hardly larger than their borders, strong ones would be all that one sees.
  fine: mix(surface, tone, 0.48),
});

/** Reads the colours of the present scheme. */
export function readInk(categories: readonly Category[]): Ink {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim() || "#808080";
  const surface = colour("surface");
  return {
    shades: categories.map(({ tone }) => shadeOf(surface, colour(tone))),
    text: colour("text"),
    dim: colour("dim"),
    surface,
    accent: colour("accent"),
    focus: colour("focus"),
  };
}
