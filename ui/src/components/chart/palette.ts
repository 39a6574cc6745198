/** The window's colours as a chart needs them: values, not variables. */
export type Palette = {
  text: string;
  dim: string;
  line: string;
  surface: string;
  sunk: string;
  accent: string;
  accentSoft: string;
  ok: string;
  warn: string;
  bad: string;
  series: string[];
};

/** Reads the colours of the present scheme. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: colour("--text"),
    dim: colour("--dim"),
    line: colour("--line"),
    surface: colour("--surface"),
    sunk: colour("--sunk"),
    accent: colour("--accent"),
    accentSoft: colour("--accent-soft"),
    ok: colour("--ok"),
    warn: colour("--warn"),
    bad: colour("--bad"),
    series: Array.from({ length: 8 }, (_, index) => colour(`--series-${index + 1}`)),
  };
}
