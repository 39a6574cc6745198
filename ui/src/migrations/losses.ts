/** What a script takes away that holds data, by name as written. */
export type Losses = { tables: string[]; columns: string[]; rows: string[] };

const name = String.raw`(?:"(?:[^"]|"")+"|[\w$]+)(?:\.(?:"(?:[^"]|"")+"|[\w$]+))*`;
const dropTable = /^drop\s+(?:foreign\s+)?table\s+(?:if\s+exists\s+)?(.+?)(?:\s+(?:cascade|restrict))?$/is;
const dropSchema = /^drop\s+schema\s+(?:if\s+exists\s+)?(.+?)(?:\s+(?:cascade|restrict))?$/is;
const alterTable = new RegExp(
  String.raw`^alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?(${name})\s*\*?\s+(.+)$`,
  "is",
);
const dropColumn = new RegExp(
  String.raw`(?:^|,)\s*drop\s+(?!constraint\b)(?:column\s+)?(?:if\s+exists\s+)?(${name})`,
  "gis",
);
const removeRows = new RegExp(
  String.raw`^(?:delete\s+from|truncate(?:\s+table)?)\s+(?:only\s+)?(${name})`,
  "is",
);

/**
 * Reads what SQL takes away. Plain statements are understood, what a function or a DO block does is not; the history
 * row that every revert deletes is no loss.
 */
export function lossesOf(texts: readonly string[]): Losses {
  const tables = new Set<string>();
  const columns = new Set<string>();
  const rows = new Set<string>();
  for (const statement of texts.flatMap(statementsOf)) {
    const dropped = (dropTable.exec(statement) ?? dropSchema.exec(statement))?.[1];
    for (const table of dropped?.split(",") ?? []) tables.add(bare(table));
    const [, altered = "", actions = ""] = alterTable.exec(statement) ?? [];
    for (const [, column = ""] of actions.matchAll(dropColumn))
      columns.add(`${bare(altered)}.${bare(column)}`);
    const emptied = removeRows.exec(statement)?.[1];
    if (emptied && !/_sqlx_migrations"?$/.test(emptied)) rows.add(bare(emptied));
  }
  return { tables: [...tables], columns: [...columns], rows: [...rows] };
}

const bare = (written: string) => written.trim().replaceAll(/"((?:[^"]|"")+)"/g, "$1");

/** The statements of a script, without comments; texts in quotes and dollars are blanked, so that they hide nothing. */
function statementsOf(text: string): string[] {
  return text
    .replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .replaceAll(/'(?:[^']|'')*'/g, "''")
    .replaceAll(/--[^\n]*/g, " ")
    .replaceAll(/\/\*[\s\S]*?\*\//g, " ")
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}
