import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { languages, namespaces, resources } from "./resources";

type Texts = { [key: string]: string | Texts };

function flatten(texts: Texts, prefix = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(texts)) {
    const path = prefix ? `${prefix}.${key}` : key;
    if (typeof value === "string") flat.set(path, value);
    else for (const [inner, text] of flatten(value, path)) flat.set(inner, text);
  }
  return flat;
}

const texts = (language: (typeof languages)[number], namespace: (typeof namespaces)[number]) =>
  flatten(resources[language][namespace] as unknown as Texts);
const placeholders = (text: string) => [...text.matchAll(/\{\{\s*([\w.]+)/g)].map((match) => match[1]).sort();

describe.each(namespaces)("the texts of %s", (namespace) => {
  const en = texts("en", namespace);
  const fr = texts("fr", namespace);

  it("have the same keys in both languages", () => {
    expect([...fr.keys()].sort()).toEqual([...en.keys()].sort());
  });

  it("are never empty", () => {
    for (const [key, text] of [...en, ...fr]) expect(text.trim(), key).not.toBe("");
  });

  it("mention the same names and numbers in both languages", () => {
    for (const [key, text] of en) {
      // A singular may say "one" where the other language writes the figure.
      if (key.endsWith("_one")) continue;
      expect(placeholders(fr.get(key) ?? ""), key).toEqual(placeholders(text));
    }
  });

  it("have a plural for every singular", () => {
    for (const key of en.keys()) {
      if (key.endsWith("_one")) expect(en.has(key.replace(/_one$/, "_other")), key).toBe(true);
    }
  });

  it("follow French typography", () => {
    for (const [key, text] of fr) {
      const bare = text.replace(/\{\{[^}]*\}\}/g, "x").replace(/`[^`]*`|[a-z]+:\/\/\S*/g, "");
      expect(bare, `${key}: thin space before ; ! ?`).not.toMatch(
        /[^\u202f\s(]\s?[;!?](?=\s|$)(?<!\u202f.)/u,
      );
      expect(bare, `${key}: no-break space before a colon`).not.toMatch(/[^\u00a0\u202f\d]:(?=\s|$)/u);
      expect(bare, `${key}: thin spaces inside « »`).not.toMatch(/«[^\u202f]|[^\u202f]»/u);
      expect(bare, `${key}: typographic apostrophe`).not.toContain("'");
      expect(bare, `${key}: one character for …`).not.toContain("...");
    }
  });
});

describe("the texts of errors", () => {
  const kinds = readFileSync(`${import.meta.dirname}/../../../crates/core/src/error/kind.rs`, "utf8");
  const body = kinds.slice(kinds.indexOf("pub enum ErrorKind {"), kinds.indexOf("\n}\n"));
  const variants = [...body.matchAll(/^ {4}([A-Z]\w+)(?: \{([^}]*)\})?,$/gm)].map((match) => ({
    code: (match[1] ?? "").replace(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase(),
    params: [...(match[2] ?? "").matchAll(/(\w+):/g)].map((param) => param[1]),
  }));

  it("are read from the list of core", () => {
    expect(variants.length).toBeGreaterThan(60);
  });

  it.each(languages)("have a title and a hint for everything that can go wrong (%s)", (language) => {
    const known = texts(language, "errors");
    for (const { code, params } of variants) {
      const title = known.get(`${code}.title`);
      expect(title, `${code}.title`).toBeDefined();
      expect(known.get(`${code}.hint`), `${code}.hint`).toBeDefined();
      for (const name of placeholders(`${title}${known.get(`${code}.hint`)}`)) {
        expect(params, `${code} has no ${name}`).toContain(name);
      }
    }
  });
});
