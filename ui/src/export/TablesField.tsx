import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { statsQueryOptions } from "../api/compare";
import { tenantQueryOptions } from "../api/tenants";
import type { TenantStats, TenantSummary } from "../api/types";
import { ErrorView } from "../components/error/ErrorView";
import { Bytes, Figure } from "../components/figures/Figure";
import { type ChoosableTable, TableChooser } from "./TableChooser";
import classes from "./TableChooser.module.css";

type TablesFieldProps = {
  tenants: readonly TenantSummary[];
  /** `null` is all of them, also those that are created until the export starts. */
  chosen: readonly string[] | null;
  onChange: (tables: readonly string[] | null) => void;
};

/** All tables of the tenants, or some, with how large they are. */
export function TablesField(props: TablesFieldProps) {
  const [only] = props.tenants;
  return props.tenants.length === 1 && only ? (
    <TablesOfOne {...props} schema={only.schema} />
  ) : (
    <TablesOfMany {...props} />
  );
}

function TablesOfOne({ schema, chosen, onChange }: TablesFieldProps & { schema: string }) {
  const { t } = useTranslation("export");
  const { data: tenant, error } = useQuery(tenantQueryOptions(schema));
  const tables = tenant?.tables.map(({ table, rows, rows_estimated, size_bytes }) => ({
    table,
    figures: (
      <>
        <Figure value={rows} estimated={rows_estimated} />
        <Bytes value={size_bytes} />
      </>
    ),
  }));
  return (
    <TableChooser label={t("tables")} tables={tables} chosen={chosen} onChange={onChange}>
      {error && <ErrorView error={error} plain />}
      {!tenant && !error && <Skeleton height={20} mt={8} />}
    </TableChooser>
  );
}

/** The tables of many tenants are read when somebody wants to choose among them. */
function TablesOfMany({ tenants, chosen, onChange }: TablesFieldProps) {
  const { t } = useTranslation("export");
  const schemas = tenants.map((tenant) => tenant.schema);
  const { data: stats, error } = useQuery({
    ...statsQueryOptions(schemas, "exact_sizes"),
    enabled: chosen !== null,
  });
  const tables = stats && sumOf(stats, (there) => t("inTenants", { there, count: tenants.length }));
  return (
    <TableChooser label={t("tables")} tables={tables} chosen={chosen} onChange={onChange} unknown>
      {error && <ErrorView error={error} plain />}
      {chosen !== null && !stats && !error && <Skeleton height={20} mt={8} />}
      {chosen !== null && stats && <p className={classes.hint}>{t("inTenantsHint")}</p>}
    </TableChooser>
  );
}

/** Every table that one of the tenants has, with the figures of all. */
function sumOf(stats: readonly TenantStats[], words: (there: number) => string): ChoosableTable[] {
  const sums = new Map<string, { rows: number; estimated: boolean; bytes: number; tenants: number }>();
  for (const { tables } of stats) {
    for (const { table, rows, rows_estimated, size_bytes } of tables) {
      const sum = sums.get(table) ?? { rows: 0, estimated: false, bytes: 0, tenants: 0 };
      sums.set(table, {
        rows: sum.rows + rows,
        estimated: sum.estimated || rows_estimated,
        bytes: sum.bytes + size_bytes,
        tenants: sum.tenants + 1,
      });
    }
  }
  return [...sums].map(([table, sum]) => ({
    table,
    figures: (
      <>
        {sum.tenants < stats.length && <span>{words(sum.tenants)}</span>}
        <Figure value={sum.rows} estimated={sum.estimated} />
        <Bytes value={sum.bytes} />
      </>
    ),
  }));
}
