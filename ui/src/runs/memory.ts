/** What a reload of the window must not forget about its runs: which were announced, and which were put away. */
type Note = "announced" | "dismissed";

const storageKey = (note: Note) => `cadastre.runs.${note}`;

function read(note: Note): Set<string> {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(storageKey(note)) ?? "[]");
    return new Set(Array.isArray(stored) ? stored.filter((id) => typeof id === "string") : []);
  } catch {
    return new Set();
  }
}

export const isNoted = (note: Note, run: string): boolean => read(note).has(run);

export function noteRun(note: Note, run: string): void {
  const noted = read(note).add(run);
  // The latest hundred are enough: older ones have left the list of the window's runs long ago.
  sessionStorage.setItem(storageKey(note), JSON.stringify([...noted].slice(-100)));
}
