import type { EditRequest, Registration } from "../api/types";

/** The fields of a line each, in the order in which they are asked for. */
export const fieldNames = [
  "name",
  "kind",
  "email",
  "phone",
  "address",
  "postal_code",
  "city",
  "primary_color",
  "secondary_color",
  "people_limit",
  "storage_limit",
] as const;

export type FieldName = (typeof fieldNames)[number];

/** What stands in the form. Lists are texts, an item a line. */
export type EntryForm = {
  fields: Record<FieldName, string>;
  notes: string;
  /** The primary one first; `-` before one that leads nowhere for now. */
  domains: string;
  /** `-` before one that the tenant has not. */
  modules: string;
  /** `field = value`. */
  own: string;
  /** Path of a new one; empty where it stays. */
  logo: string;
  favicon: string;
};

export const linesOf = (text: string, separator: RegExp = /\r?\n/) =>
  text
    .split(separator)
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** The form as an entry fills it; of a tenant without one, with what a new entry would have. */
export function formOf(entry: Registration | null, name: string): EntryForm {
  const identity = entry?.identity;
  const limit = (value: number | null | undefined) =>
    value === null || value === undefined ? "" : String(value);
  return {
    fields: {
      name: entry?.name ?? name,
      kind: identity?.kind ?? "",
      email: identity?.email ?? "",
      phone: identity?.phone ?? "",
      address: identity?.address ?? "",
      postal_code: identity?.postal_code ?? "",
      city: identity?.city ?? "",
      primary_color: identity?.primary_color ?? "",
      secondary_color: identity?.secondary_color ?? "",
      people_limit: entry ? limit(entry.quotas.people) : "1000",
      storage_limit: entry ? sizeOf(entry.quotas.storage_bytes) : "50 GB",
    },
    notes: identity?.notes ?? "",
    domains: (entry?.domains ?? []).map((d) => (d.active ? d.domain : `-${d.domain}`)).join("\n"),
    modules: (entry?.modules ?? []).map((m) => (m.enabled ? m.module : `-${m.module}`)).join("\n"),
    own: Object.entries(entry?.fields ?? {})
      .map(([field, value]) => `${field} = ${value}`)
      .join("\n"),
    logo: "",
    favicon: "",
  };
}

/** A size in the largest unit that says it exactly. */
export function sizeOf(bytes: number | null): string {
  if (bytes === null) return "";
  const units = ["", " kB", " MB", " GB", " TB"];
  let unit = 0;
  let size = bytes;
  while (size >= 1024 && size % 1024 === 0 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size}${units[unit]}`;
}

const pairsOf = (text: string): [string, string][] =>
  linesOf(text).map((line) => {
    const at = line.indexOf("=");
    return at < 0 ? [line, ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });

const bare = (line: string) => line.replace(/^-\s*/, "");

/** What has to change for `before` to become `now`; `null` where nothing has. */
export function editOf(now: EntryForm, before: EntryForm): EditRequest | null {
  const fields: [string, string][] = fieldNames
    .filter((field) => now.fields[field].trim() !== before.fields[field].trim())
    .map((field) => [field, now.fields[field].trim()]);
  if (now.notes.trim() !== before.notes.trim()) fields.push(["notes", now.notes.trim()]);
  const ownNow = new Map(pairsOf(now.own));
  const ownBefore = new Map(pairsOf(before.own));
  for (const [field, value] of ownNow) if (ownBefore.get(field) !== value) fields.push([field, value]);
  for (const field of ownBefore.keys()) if (!ownNow.has(field)) fields.push([field, ""]);

  const domains = linesOf(now.domains);
  const domainsBefore = linesOf(before.domains);
  const was = domainsBefore.map(bare);
  const is = domains.map(bare);
  const [first] = is;
  const active = domains
    .filter(
      (line) =>
        line.startsWith("-") !== (domainsBefore.find((b) => bare(b) === bare(line)) ?? "").startsWith("-"),
    )
    .map((line): [string, boolean] => [bare(line), !line.startsWith("-")]);
  const modules = linesOf(now.modules).filter((line) => !linesOf(before.modules).includes(line));

  const edit: EditRequest = {
    fields,
    add_domains: is.filter((domain) => !was.includes(domain)),
    remove_domains: was.filter((domain) => !is.includes(domain)),
    primary_domain: first !== undefined && first !== was[0] ? first : null,
    domains_active: active,
    modules,
    logo: now.logo || null,
    favicon: now.favicon || null,
  };
  const nothing =
    fields.length + edit.add_domains.length + edit.remove_domains.length + active.length + modules.length ===
      0 &&
    edit.primary_domain === null &&
    edit.logo === null &&
    edit.favicon === null;
  return nothing ? null : edit;
}
