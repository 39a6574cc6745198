import type { RunEvent } from "./types";

/** Less than this is over before it is read, and wrong as soon as one tenant takes its time. */
const shortest = 1000;

/**
 * Passes a run's events on, without a time left that is nonsense: one under a second, and one that has passed without anything
 * having ended. Core counts only when something happens; a tenant that waits for a lock lets it say the same for minutes.
 */
export function withPlausibleTimeLeft(onEvent: (event: RunEvent) => void): (event: RunEvent) => void {
  let passing: ReturnType<typeof setTimeout> | undefined;
  return (event) => {
    clearTimeout(passing);
    if (event.event !== "progress" || event.progress.remaining_ms === null) return onEvent(event);
    const unsaid = { ...event, progress: { ...event.progress, remaining_ms: null } };
    if (event.progress.remaining_ms < shortest) return onEvent(unsaid);
    passing = setTimeout(() => onEvent({ ...unsaid, ended: [] }), event.progress.remaining_ms);
    onEvent(event);
  };
}
