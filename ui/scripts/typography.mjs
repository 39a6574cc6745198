// Gives the French texts their typography: thin spaces, no-break spaces, apostrophes, quotes. Run after editing them:
//   npm run typography
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = new URL("../src/i18n/fr/", import.meta.url);
const thin = "\u202f";
const noBreak = "\u00a0";

/** Everything but placeholders, code and addresses, which stay as they are. */
function french(text) {
  return text
    .split(/(\{\{[^}]*\}\}|`[^`]*`|[a-z]+:\/\/\S*)/)
    .map((part, index) => (index % 2 === 1 ? part : typeset(part)))
    .join("");
}

function typeset(text) {
  return text
    .replaceAll("...", "…")
    .replaceAll("'", "’")
    .replace(/[ \u00a0\u202f]*([;!?])(?=\s|$)/gu, `${thin}$1`)
    .replace(/[ \u00a0\u202f]+:(?=\s|$)/gu, `${noBreak}:`)
    .replace(/«[ \u00a0\u202f]*/gu, `«${thin}`)
    .replace(/[ \u00a0\u202f]*»/gu, `${thin}»`)
    .replace(/[ \u00a0]%/gu, `${thin}%`)
    .replace(/(\d) (?=\d{3}(?!\d))/gu, `$1${thin}`);
}

const walk = (value) =>
  typeof value === "string"
    ? french(value)
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));

for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  const path = new URL(file, folder);
  const before = readFileSync(path, "utf8");
  const after = `${JSON.stringify(walk(JSON.parse(before)), null, 2)}\n`;
  if (after !== before) writeFileSync(path, after);
}
