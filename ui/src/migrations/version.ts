const time = /^(\d{4})(0[1-9]|1[0-2])([0-3]\d)([0-2]\d)([0-5]\d)([0-5]\d)$/;

/** How a version is written in a sentence: `12`, or the day of a version that is a time (`20251117080000`). */
export function plainVersion(version: number | string): string {
  return String(version).replace(time, "$1-$2-$3");
}

/** How a version is written above a narrow column: its number, its day without the year, or its end where neighbours share the day. */
export function narrowVersion(version: number, others: readonly number[]): string {
  const text = String(version);
  if (text.length <= 5) return shortVersion(version);
  const plain = plainVersion(version);
  const crowded = others.some((other) => other !== version && plainVersion(other) === plain);
  return plain === text || crowded ? `…${text.slice(-3)}` : plain.slice(5);
}

/** How a version is written where space is short: `v12`, or the day. The whole number belongs beside it, as a title. */
export function shortVersion(version: number): string {
  const plain = plainVersion(version);
  return plain === String(version) ? `v${version}` : plain;
}
