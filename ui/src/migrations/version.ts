/**
 * How a version is written where space is short: `v12`, or the day of a version that is a time (`20251117080000`).
 * The whole number belongs beside it, as a title.
 */
export function shortVersion(version: number): string {
  const time = /^(\d{4})(0[1-9]|1[0-2])([0-3]\d)([0-2]\d)([0-5]\d)([0-5]\d)$/.exec(String(version));
  return time ? `${time[1]}-${time[2]}-${time[3]}` : `v${version}`;
}
