import { Button, Skeleton } from "@mantine/core";
import { IconTable } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { tableQueryOptions } from "../../api/tenants";
import type { TableStructure, TenantDetail } from "../../api/types";
import { EmptyState } from "../../components/empty/EmptyState";
import { ErrorView } from "../../components/error/ErrorView";
import { ColumnTable } from "./ColumnTable";
import { ConstraintTable } from "./ConstraintTable";
import { IndexTable } from "./IndexTable";
import classes from "./StructureTab.module.css";
import { currentTable, TablePicker } from "./TablePicker";

type StructureTabProps = {
  tenant: TenantDetail;
  table: string | undefined;
  onTable: (table: string) => void;
  onRows: (table: string) => void;
};

/** How a tenant's tables are made: columns, constraints, indexes. */
export function StructureTab({ tenant, table, onTable, onRows }: StructureTabProps) {
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
      <Structure schema={tenant.schema} table={current.table} onRows={onRows} />
    </div>
  );
}

function Structure({
  schema,
  table,
  onRows,
}: {
  schema: string;
  table: string;
  onRows: (table: string) => void;
}) {
  const { t } = useTranslation("tenant");
  const structure = useQuery(tableQueryOptions(schema, table));
  if (structure.error) {
    return (
      <div className={classes.content}>
        <ErrorView error={structure.error} onRetry={() => void structure.refetch()} />
      </div>
    );
  }
  return (
    <div className={classes.content}>
      <div className={classes.head}>
        <h2 className={classes.name}>
          <code>{table}</code>
        </h2>
        {structure.data?.table.comment && <p className={classes.comment}>{structure.data.table.comment}</p>}
        <Button leftSection={<IconTable size={15} />} onClick={() => onRows(table)} className={classes.rows}>
          {t("structure.showRows")}
        </Button>
      </div>
      {structure.data ? <Parts structure={structure.data} /> : <Skeleton height={320} />}
    </div>
  );
}

function Parts({ structure }: { structure: TableStructure }) {
  const { t } = useTranslation("tenant");
  const none = <p className={classes.none}>{t("structure.none")}</p>;
  return (
    <>
      <section className={classes.part}>
        <h3>
          {t("structure.columns")} <small>{structure.columns.length}</small>
        </h3>
        <ColumnTable columns={structure.columns} />
      </section>
      <section className={classes.part}>
        <h3>
          {t("structure.constraints")} <small>{structure.constraints.length}</small>
        </h3>
        {structure.constraints.length > 0 ? <ConstraintTable constraints={structure.constraints} /> : none}
      </section>
      <section className={classes.part}>
        <h3>
          {t("structure.indexes")} <small>{structure.indexes.length}</small>
        </h3>
        {structure.indexes.length > 0 ? <IndexTable indexes={structure.indexes} /> : none}
      </section>
    </>
  );
}
