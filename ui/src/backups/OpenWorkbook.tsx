import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { connectionQueryOptions } from "../api/connection";
import { settingsQueryOptions } from "../api/settings";
import { tenantListQueryOptions } from "../api/tenants";
import type { WorkbookCard } from "../api/types";
import {
  workbookCheckQueryOptions,
  workbookComparisonQueryOptions,
  workbookQueryOptions,
} from "../api/workbooks";
import { ErrorView } from "../components/error/ErrorView";
import { DataGrid } from "../components/grid/DataGrid";
import { useGridModel } from "../components/grid/useGridModel";
import classes from "./BackupsPage.module.css";
import { CardView } from "./CardView";
import { ComparisonLine } from "./ComparisonLine";
import { RestoreDialog } from "./RestoreDialog";
import { type TableLine, tableColumns, tableLines } from "./tableLines";
import { VerdictView } from "./VerdictView";

const nameOf = (line: TableLine) => line.table;

/** A workbook that somebody has opened. */
export function OpenWorkbook({ path, onOpenOther }: { path: string; onOpenOther: () => void }) {
  const { t } = useTranslation("backups");
  const card = useQuery(workbookQueryOptions(path));
  if (card.error) {
    return (
      <div className={classes.failure}>
        <ErrorView
          error={card.error}
          title={t(card.error.code === "workbook_damaged" ? "workbook.damaged" : "workbook.notOpened")}
          onRetry={() => void card.refetch()}
          action={<Button onClick={onOpenOther}>{t("workbook.openOther")}</Button>}
        />
      </div>
    );
  }
  if (!card.data) {
    return (
      <div className={classes.failure} aria-hidden="true">
        <Skeleton height={14} width="40%" />
      </div>
    );
  }
  return <Opened card={card.data} />;
}

function Opened({ card }: { card: WorkbookCard }) {
  const { t } = useTranslation("backups");
  const { data: settings } = useQuery(settingsQueryOptions());
  const { data: connection } = useQuery(connectionQueryOptions());
  const { data: list } = useQuery({ ...tenantListQueryOptions(), enabled: connection !== null });
  const [restoring, setRestoring] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const tenants = connection ? (list?.tenants ?? []) : [];
  // What it was written from, while that is there.
  const own = tenants.some((tenant) => tenant.schema === card.schema) ? card.schema : null;
  const against = chosen ?? own;
  const check = useQuery(workbookCheckQueryOptions(card.path));
  const comparison = useQuery(workbookComparisonQueryOptions(card.path, against ?? ""));
  const compared = against === null ? undefined : comparison.data;
  const lines = useMemo(() => tableLines(card, check.data, compared), [card, check.data, compared]);
  const columns = useMemo(
    () => tableColumns(t, { checked: check.data !== undefined, against: compared?.schema ?? null }),
    [t, check.data, compared],
  );
  const model = useGridModel("backups.workbook", columns, lines);
  return (
    <>
      <CardView card={card} connection={connection ?? null} onRestore={() => setRestoring(true)} />
      <div className={classes.main}>
        <VerdictView card={card} check={check} />
        {connection && (
          <ComparisonLine tenants={tenants} against={against} onAgainst={setChosen} comparison={comparison} />
        )}
        <DataGrid
          model={model}
          label={t("workbook.tables")}
          rowId={nameOf}
          dense={settings?.dense ?? true}
          empty={<p className={classes.dim}>{t("workbook.noTables")}</p>}
        />
      </div>
      {restoring && (
        <RestoreDialog
          card={card}
          check={check.data ?? null}
          tenants={tenants}
          onClose={() => setRestoring(false)}
        />
      )}
    </>
  );
}
