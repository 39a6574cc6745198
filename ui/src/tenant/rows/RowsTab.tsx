import { IconTable } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { TenantDetail } from "../../api/types";
import { EmptyState } from "../../components/empty/EmptyState";
import { currentTable, TablePicker } from "../structure/TablePicker";
import classes from "./RowsTab.module.css";
import { RowsView } from "./RowsView";

type RowsTabProps = { tenant: TenantDetail; table: string | undefined; onTable: (table: string) => void };

/** The rows of a tenant's tables, a page at a time. */
export function RowsTab({ tenant, table, onTable }: RowsTabProps) {
  const { t } = useTranslation("tenant");
  const current = currentTable(tenant.tables, table);
  if (!current) {
    return (
      <EmptyState icon={<IconTable size={36} stroke={1.3} />} title={t("noTables")}>
        {t("noTablesText")}
      </EmptyState>
    );
  }
  return (
    <div className={classes.tab}>
      <TablePicker tables={tenant.tables} current={current.table} onPick={onTable} />
      {/* Another table is another view: filters and place belong to the table. */}
      <RowsView key={current.table} schema={tenant.schema} table={current} enums={tenant.enums} />
    </div>
  );
}
