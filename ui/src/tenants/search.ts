import type { TenantSummary } from "../api/types";

const folded = new WeakMap<object, string>();

/** Without case and accents, so that "eleve" finds "Élève". */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** What a search looks at: name and schema, folded once per tenant. */
export function searchable(tenant: TenantSummary): string {
  const known = folded.get(tenant);
  if (known !== undefined) return known;
  const text = fold(`${tenant.name} ${tenant.schema}`);
  folded.set(tenant, text);
  return text;
}

/** True when every word is somewhere in the text. */
export function fits(text: string, words: string): boolean {
  const folds = fold(text);
  return fold(words)
    .split(/\s+/)
    .every((word) => folds.includes(word));
}
