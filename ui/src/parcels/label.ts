const ellipsis = "…";
/** Fewer signs than this say nothing. */
const leastSigns = 5;
const segmenter = typeof Intl.Segmenter === "function" ? new Intl.Segmenter() : null;

/** Signs as a person counts them: an accent or a family of emoji is never cut in two. */
const signsOf = (text: string): string[] =>
  segmenter ? Array.from(segmenter.segment(text), ({ segment }) => segment) : Array.from(text);

/**
 * The text as it fits in this width: whole, or without its middle, because names of a fleet differ at both ends; `null` where
 * next to nothing of it would be left.
 */
export function fitText(text: string, width: number, measure: (text: string) => number): string | null {
  if (measure(text) <= width) return text;
  const signs = signsOf(text);
  let [fits, tooMany] = [0, signs.length];
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    if (measure(shortened(signs, middle)) <= width) fits = middle;
    else tooMany = middle;
  }
  return fits < leastSigns ? null : shortened(signs, fits);
}

function shortened(signs: readonly string[], kept: number): string {
  const tail = Math.floor(kept / 3);
  const head = signs.slice(0, kept - tail).join("");
  return `${head.trimEnd()}${ellipsis}${signs
    .slice(signs.length - tail)
    .join("")
    .trimStart()}`;
}

/**
 * The text in at most so many lines of this width, divided between words; the last line without its middle where not all of it
 * fits. Nothing where a word would be cut down to next to nothing.
 */
export function wrapText(
  text: string,
  width: number,
  lines: number,
  measure: (text: string) => number,
): string[] {
  const words = text.split(/\s+/u).filter(Boolean);
  const wrapped: string[] = [];
  while (words.length > 0) {
    const last = wrapped.length + 1 >= lines;
    let line = words.shift() ?? "";
    while (words.length > 0 && (last || measure(`${line} ${words[0]}`) <= width)) line += ` ${words.shift()}`;
    const fitting = fitText(line, width, measure);
    if (fitting === null) return [];
    wrapped.push(fitting);
  }
  return wrapped;
}
