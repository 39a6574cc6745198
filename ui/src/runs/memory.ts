/**
 * What a reload of the window must not forget about its runs: which were announced, and which were put away. What was
 * `waved` off, an interrupted run that somebody does not want to hear of again, outlives the window.
 */
type Note = "announced" | "dismissed" | "waved";

const storageKey = (note: Note) => `cadastre.runs.${note}`;
const storageOf = (note: Note) => (note === "waved" ? localStorage : sessionStorage);

function read(note: Note): Set<string> {
  try {
    const stored: unknown = JSON.parse(storageOf(note).getItem(storageKey(note)) ?? "[]");
    return new Set(Array.isArray(stored) ? stored.filter((id) => typeof id === "string") : []);
  } catch {
    return new Set();
  }
}

function write(note: Note, noted: ReadonlySet<string>): void {
  // The latest hundred are enough: older ones have left the list of the window's runs long ago.
  storageOf(note).setItem(storageKey(note), JSON.stringify([...noted].slice(-100)));
}

export const isNoted = (note: Note, run: string): boolean => read(note).has(run);

export function noteRun(note: Note, run: string): void {
  write(note, read(note).add(run));
}

/** A run that goes on has a new end to announce. */
export function forgetNotes(run: string): void {
  for (const note of ["announced", "dismissed", "waved"] as const) {
    const noted = read(note);
    if (noted.delete(run)) write(note, noted);
  }
}
