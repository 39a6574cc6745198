import type { TFunction } from "i18next";
import type { Orphan, RegistryEvidence, SchemaLine, SchemaVerdict } from "../api/types";

type Translate = TFunction<["adoption", "common"]>;

/** Why a schema is a tenant, or none. */
export function why(t: Translate, verdict: SchemaVerdict): string {
  if (verdict.code === "excluded") return t("adoption:why.excluded", { pattern: verdict.params.pattern });
  return t(`adoption:why.${verdict.code}`);
}

/** Why a table is taken for a registry. */
export function evidenceText(t: Translate, evidence: RegistryEvidence): string {
  if (evidence.code === "rows" && evidence.params.rows === 0) return t("adoption:evidence.rowsNone");
  return t(`adoption:evidence.${evidence.code}`, evidence.params as Record<string, string | number>);
}

/** One line of the picture, whichever part it belongs to. */
export type Line = {
  schema: string;
  name: string;
  domain: string | null;
  tables: number;
  why: string;
};

export const schemaLine = (t: Translate, line: SchemaLine): Line => ({
  schema: line.schema,
  name: line.name,
  domain: line.domains[0] ?? null,
  tables: line.tables,
  why: why(t, line.reason),
});

export const orphanLine = (t: Translate, orphan: Orphan, missing: boolean): Line => ({
  schema: orphan.schema,
  name: orphan.name,
  domain: orphan.domains[0] ?? null,
  tables: orphan.tables,
  why:
    orphan.differs_in_case === null
      ? t(missing ? "adoption:why.missing" : "adoption:why.not_registered")
      : t("adoption:why.case", { other: orphan.differs_in_case }),
});
