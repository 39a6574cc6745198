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

/** A test of folded texts: true when every word is somewhere in them. */
export function matcher(words: string): (folded: string) => boolean {
  const wanted = fold(words.trim()).split(/\s+/);
  return (text) => wanted.every((word) => text.includes(word));
}

/** True when every word is somewhere in the text. */
export const fits = (text: string, words: string): boolean => matcher(words)(fold(text));
