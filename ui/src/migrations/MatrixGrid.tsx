import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type CSSProperties,
  type MouseEvent,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { type GridCursor, handleGridKey } from "../components/grid/useGridKeys";
import { type Selection, useSelection } from "../components/grid/useSelection";
import classes from "./MatrixGrid.module.css";
import { MatrixHeader } from "./MatrixHeader";
import { MatrixRowView, matrixCellId } from "./MatrixRowView";
import type { MatrixColumn, MatrixRow } from "./matrix";
import { useMatrixWords } from "./useMatrixWords";

type MatrixGridProps = {
  columns: readonly MatrixColumn[];
  rows: readonly MatrixRow[];
  dense: boolean;
  /** There is little room: something is open beside the matrix. */
  compact: boolean;
  selected: Selection;
  onSelect: (selected: Selection) => void;
  /** A migration, and the tenant whose cell it was. */
  onOpen: (column: MatrixColumn, row: MatrixRow | null) => void;
  onOpenTenant: (row: MatrixRow) => void;
};

/** Tenants by migrations: only what is visible is drawn, both ways. One tab stop; the arrow keys do the rest. */
export function MatrixGrid(props: MatrixGridProps) {
  const { columns, rows, dense, compact, selected, onSelect, onOpen, onOpenTenant } = props;
  const { t } = useTranslation("migrations");
  const grid = useId();
  const scroller = useRef<HTMLDivElement>(null);
  // Column 0 is the tenant itself.
  const [cursor, setCursor] = useState<GridCursor>({ row: 0, column: 0 });
  const height = dense ? 30 : 38;
  // Few migrations have room for their names.
  const width = columns.length <= 12 && !compact ? 104 : 44;
  const nameWidth = compact ? 230 : 330;
  const ids = useMemo(() => rows.map((row) => row.tenant.schema), [rows]);
  const words = useMatrixWords();
  const selection = useSelection(ids, selected, onSelect);

  const down = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    scrollPaddingStart: 44,
    overscan: 6,
    initialRect: { width: 1000, height: 640 },
  });
  const across = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => width,
    paddingStart: nameWidth,
    scrollPaddingStart: nameWidth,
    overscan: 4,
    initialRect: { width: 1000, height: 640 },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: other sizes change every cell's place
  useLayoutEffect(() => {
    down.measure();
    across.measure();
  }, [down, across, height, width, nameWidth]);
  const visible = across.getVirtualItems();
  const active = {
    row: Math.min(cursor.row, Math.max(0, rows.length - 1)),
    column: Math.min(cursor.column, columns.length),
  };
  const open = (at: GridCursor) => {
    const row = rows[at.row];
    const column = columns[at.column - 1];
    if (row && column) onOpen(column, row);
    else if (row) onOpenTenant(row);
  };
  // One listener for all cells, so that a line needs none and stays as it is while others change.
  const click = (event: MouseEvent) => {
    if (!(event.target instanceof Element)) return;
    const row = Number(event.target.closest<HTMLElement>("[data-row]")?.dataset.row ?? -1);
    const column = Number(event.target.closest<HTMLElement>("[data-column]")?.dataset.column ?? -1);
    if (row < 0 || column < 0) return;
    setCursor({ row, column });
    scroller.current?.focus();
    if (event.target instanceof HTMLInputElement) selection.toggle(row, event.shiftKey);
    else if (column > 0 || event.target.closest("button")) open({ row, column });
  };
  const style = {
    "--row": `${height}px`,
    "--cell": `${width}px`,
    "--name": `${nameWidth}px`,
    "--total": `${across.getTotalSize()}px`,
  } as CSSProperties;

  return (
    <div
      ref={scroller}
      className={classes.scroller}
      style={style}
      role="grid"
      tabIndex={0}
      aria-label={t("matrix.label")}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-multiselectable
      aria-activedescendant={rows.length > 0 ? matrixCellId(grid, active) : undefined}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        handleGridKey(event, {
          cursor: active,
          rows: rows.length,
          columns: columns.length + 1,
          page: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 2),
          move: (next, extend) => {
            if (extend) selection.extendTo(active.row, next.row);
            setCursor(next);
            down.scrollToIndex(next.row);
            if (next.column > 0) across.scrollToIndex(next.column - 1);
          },
          open: () => open(active),
          toggle: (extend) => selection.toggle(active.row, extend),
          selectAll: selection.toggleAll,
          clear: selection.clear,
          copy: () => {},
        });
      }}
    >
      <MatrixHeader
        columns={columns}
        visible={visible}
        wide={width > 60}
        selection={
          ids.length > 0 && ids.every((id) => selected.has(id))
            ? "all"
            : ids.some((id) => selected.has(id))
              ? "some"
              : "none"
        }
        onToggleAll={selection.toggleAll}
        onOpen={(column) => onOpen(column, null)}
      />
      <div role="rowgroup" className={classes.body} style={{ height: down.getTotalSize() }} onClick={click}>
        {down.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <MatrixRowView
              key={row.tenant.schema}
              grid={grid}
              row={row}
              index={item.index}
              top={item.start}
              columns={columns}
              visible={visible}
              selected={selected.has(row.tenant.schema)}
              compact={compact}
              cursor={item.index === active.row ? active.column : -1}
              words={words}
            />
          );
        })}
      </div>
    </div>
  );
}
