import type { Misplaced, MisplacedCandidate } from "../api/types";
import type { Named } from "../tenants/life";

/** What seems to belong to one tenant. */
export type Group = { tenant: Named; candidates: MisplacedCandidate[] };

/** What can be said whose it is, by tenant; the tenants with the most first. */
export function groupsOf(misplaced: Misplaced): Group[] {
  const groups = new Map<string, Group>();
  for (const candidate of misplaced.found) {
    if (candidate.certainty === "unknown" || candidate.tenant === null) continue;
    const schema = candidate.tenant;
    const group = groups.get(schema) ?? {
      tenant: { schema, name: candidate.tenant_name ?? schema },
      candidates: [],
    };
    group.candidates.push(candidate);
    groups.set(schema, group);
  }
  return [...groups.values()].sort((a, b) => b.candidates.length - a.candidates.length);
}
