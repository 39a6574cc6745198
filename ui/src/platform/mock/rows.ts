import type { Column, RowPage, RowQuery } from "../../api/types";
import { createRandom, type Random, seedOf } from "./random";
import { columnsOf, enums } from "./structure";

const firstNames = [
  "Camille",
  "Louis",
  "Inès",
  "Gabriel",
  "Aoife",
  "Noah",
  "Chloé",
  "Liam",
  "Zoé",
  "Yasmine",
];
const lastNames = [
  "Martin",
  "Le Goff",
  "O’Connor",
  "Nguyen",
  "Dubois",
  "Smith",
  "Benali",
  "Moreau",
  "Evans",
  "Petit",
];
const titles = [
  "Data engineer",
  "Cheffe de projet",
  "Développeur Rust",
  "UX designer",
  "Administrateur PostgreSQL",
];
const places = ["Brest", "Lyon", "Dublin", "Lille", "Leeds", "Nantes"];

/** A page of invented rows; the same query gives the same rows. */
export function pageOf(query: RowQuery, total: number): RowPage {
  const columns = columnsOf(query.table);
  const matching = countOf(query, total);
  const last = Math.min(query.offset + query.limit, matching);
  const rows: (string | null)[][] = [];
  for (let index = query.offset; index < last; index += 1) {
    const number = query.descending ? matching - index : index + 1;
    const random = createRandom(seedOf(`${query.schema}.${query.table}.${number}`));
    rows.push(columns.map((column) => cell(column, number, random)));
  }
  return { columns, rows, offset: query.offset, more: last < matching };
}

/** How many rows the filters let through; each one takes its share. */
export const countOf = (query: RowQuery, total: number) =>
  Math.floor(total * query.filters.reduce((share) => share * 0.18, 1));

function cell(column: Column, number: number, random: Random): string | null {
  if (column.primary_key) return String(number);
  if (!column.not_null && random.chance(0.22)) return null;
  if (column.name === "email") return `person${number}@example.org`;
  if (column.name === "first_name") return random.pick(firstNames);
  if (column.name === "last_name") return random.pick(lastNames);
  if (column.name === "title") return random.pick(titles);
  if (column.name === "location" || column.name === "city") return random.pick(places);
  if (column.name === "hashed_password") return `$2b$12$${"x".repeat(53)}`;
  if (column.data_type === "jsonb")
    return `{"pages": ${random.between(1, 6)}, "skills": ["SQL", "Rust"], "language": "fr"}`;
  switch (column.category) {
    case "N":
      return column.data_type === "double precision"
        ? (random.next() * 900).toFixed(2)
        : String(random.between(1, 400));
    case "B":
      return random.chance(0.5) ? "t" : "f";
    case "D":
      return day(random, column.data_type.startsWith("timestamp"));
    case "E":
      return random.pick(enums.find((type) => type.name === column.data_type)?.labels ?? ["?"]);
    default:
      return random.chance(0.04) ? "" : `${column.name.replaceAll("_", " ")} ${random.between(100, 999)}`;
  }
}

function day(random: Random, withTime: boolean): string {
  const date = new Date(
    Date.UTC(2024, 0, 1) + random.between(0, 1000) * 86_400_000 + random.between(0, 86_399) * 1000,
  );
  const text = date.toISOString();
  return withTime ? text.slice(0, 19).replace("T", " ") : text.slice(0, 10);
}
