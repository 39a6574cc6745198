import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { settingsQueryOptions } from "../../api/settings";
import { rowsQueryOptions } from "../../api/tenants";
import type { EnumType, RowPage, Table } from "../../api/types";
import { EmptyState } from "../../components/empty/EmptyState";
import { ErrorView } from "../../components/error/ErrorView";
import { DataGrid } from "../../components/grid/DataGrid";
import { GridSkeleton } from "../../components/grid/GridSkeleton";
import { useGridModel } from "../../components/grid/useGridModel";
import { type GridLine, gridLines, rowColumns } from "./columns";
import { FilterBar } from "./FilterBar";
import { type RowsPlace, rowQuery, start } from "./query";
import { RecordDialog } from "./RecordDialog";
import { RowsFooter } from "./RowsFooter";
import classes from "./RowsTab.module.css";

type RowsViewProps = { schema: string; table: Table; enums: readonly EnumType[] };
const lineId = (line: GridLine) => String(line.number);

/** A page of a table's rows: filtered and sorted by the server, NULL told apart from nothing. */
export function RowsView({ schema, table, enums }: RowsViewProps) {
  const { t } = useTranslation("tenant");
  const [place, setPlace] = useState<RowsPlace>(start);
  const [record, setRecord] = useState<GridLine | null>(null);
  const query = rowQuery(schema, table.table, place);
  const page = useQuery(rowsQueryOptions(query));
  // A refused filter leaves the last page in view, so that it can be mended.
  const last = useRef<RowPage>(undefined);
  if (page.data && page.data.columns.length > 0) last.current = page.data;
  const data = page.data ?? last.current;
  return (
    <div className={classes.view}>
      <FilterBar
        columns={data?.columns ?? []}
        enums={enums}
        filters={place.filters}
        onChange={(filters) => setPlace({ ...place, filters, offset: 0 })}
      />
      {page.error && (
        <div className={classes.error}>
          <ErrorView error={page.error} title={t("rows.failed")} onRetry={() => void page.refetch()} />
        </div>
      )}
      <div className={classes.frame} aria-busy={page.isFetching}>
        {data ? (
          <Rows
            page={data}
            place={place}
            label={t("rows.title", { table: table.table })}
            grid={`rows.${table.table}`}
            filtered={query.filters.length > 0}
            onPlace={setPlace}
            onOpen={setRecord}
          />
        ) : (
          !page.error && <GridSkeleton columns={waiting} />
        )}
        <RowsFooter
          table={table}
          query={query}
          page={data}
          onOffset={(offset) => setPlace({ ...place, offset })}
        />
      </div>
      {record && data && (
        <RecordDialog columns={data.columns} line={record} onClose={() => setRecord(null)} />
      )}
    </div>
  );
}

const waiting = ["a", "b", "c", "d", "e"].map((id) => ({
  id,
  header: "",
  value: () => null,
  width: 140,
  grow: 1,
}));

type RowsProps = {
  page: RowPage;
  place: RowsPlace;
  label: string;
  grid: string;
  filtered: boolean;
  onPlace: (place: RowsPlace) => void;
  onOpen: (line: GridLine) => void;
};

function Rows({ page, place, label, grid, filtered, onPlace, onOpen }: RowsProps) {
  const { t } = useTranslation("tenant");
  const { data: settings } = useQuery(settingsQueryOptions());
  const words = useMemo(
    () => ({ empty: t("rows.empty"), true: t("rows.true"), false: t("rows.false") }),
    [t],
  );
  const columns = useMemo(() => rowColumns(page.columns, words), [page.columns, words]);
  const lines = useMemo(() => gridLines(page), [page]);
  const model = useGridModel(grid, columns, lines, undefined, {
    order: place.order,
    onOrder: (order) => onPlace({ ...place, order, offset: 0 }),
  });
  return (
    <DataGrid
      model={model}
      label={label}
      rowId={lineId}
      dense={settings?.dense ?? true}
      onOpen={onOpen}
      empty={<EmptyState title={t(filtered ? "rows.noneFiltered" : "rows.none")} />}
    />
  );
}
