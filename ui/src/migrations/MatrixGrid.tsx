import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type CSSProperties,
  type MouseEvent,
  useCallback,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { type GridCursor, handleGridKey } from "../components/grid/useGridKeys";
import { useRecycledLines } from "../components/grid/useRecycledLines";
import { type Selection, useSelection } from "../components/grid/useSelection";
import { blockSize } from "./MatrixCells";
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
    count: Math.ceil(columns.length / blockSize),
    getScrollElement: () => scroller.current,
    estimateSize: (block) => width * Math.min(blockSize, columns.length - block * blockSize),
    paddingStart: nameWidth,
    overscan: 1,
    initialRect: { width: 1000, height: 640 },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: other sizes change every cell's place
  useLayoutEffect(() => {
    down.measure();
    across.measure();
  }, [down, across, height, width, nameWidth]);
  const lines = useRecycledLines(down);
  const blocks = across.getVirtualItems();
  const slots = Math.max(blocks.length, Math.ceil((across.scrollRect?.width ?? 0) / (width * blockSize)) + 4);
  const active = {
    row: Math.min(cursor.row, Math.max(0, rows.length - 1)),
    column: Math.min(cursor.column, columns.length),
  };
  // A cell that is scrolled out of sight is not there to be named.
  const drawn =
    lines.some(({ index }) => index === active.row) &&
    (active.column === 0 ||
      blocks.some(({ index }) => index === Math.floor((active.column - 1) / blockSize)));
  const open = (at: GridCursor) => {
    const row = rows[at.row];
    const column = columns[at.column - 1];
    if (row && column) onOpen(column, row);
    else if (row) onOpenTenant(row);
  };
  // One listener for all cells, so that a line needs none and stays as it is while others change.
  const click = (event: MouseEvent) => {
    if (!(event.target instanceof Element)) return;
    // Headings are the first row, names the first column.
    const row = numberOf(event.target, "aria-rowindex") - 2;
    const column = numberOf(event.target, "aria-colindex") - 1;
    if (row < 0 || column < 0) return;
    setCursor({ row, column });
    scroller.current?.focus();
    if (event.target instanceof HTMLInputElement) selection.toggle(row, event.shiftKey);
    else if (column > 0 || event.target.closest("button")) open({ row, column });
  };
  // Thousands of cells would each carry a text that is only read in one of them.
  const hover = (event: MouseEvent) => {
    if (!(event.target instanceof HTMLElement) || event.target.role !== "gridcell") return;
    const row = rows[numberOf(event.target, "aria-rowindex") - 2];
    const column = columns[numberOf(event.target, "aria-colindex") - 2];
    if (event.type === "pointerout" || !row || !column) event.target.removeAttribute("title");
    else event.target.title = words.cell(row, column);
  };
  const reveal = (column: number) => {
    const view = scroller.current;
    if (!view || column === 0) return;
    const start = (column - 1) * width;
    const end = start + width - (view.clientWidth - nameWidth);
    view.scrollLeft = Math.max(end, Math.min(start, view.scrollLeft));
  };
  const openHeading = useCallback((column: MatrixColumn) => onOpen(column, null), [onOpen]);
  const chosen = useMemo(() => {
    if (ids.length > 0 && ids.every((id) => selected.has(id))) return "all";
    return ids.some((id) => selected.has(id)) ? "some" : "none";
  }, [ids, selected]);
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
      aria-activedescendant={drawn ? matrixCellId(grid, active) : undefined}
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
            reveal(next.column);
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
        blocks={blocks}
        wide={width > 60}
        selection={chosen}
        onToggleAll={selection.toggleAll}
        onOpen={openHeading}
      />
      <div
        role="rowgroup"
        className={classes.body}
        style={{ height: down.getTotalSize() }}
        onClick={click}
        onPointerOver={hover}
        onPointerOut={hover}
      >
        {lines.map(({ index, top, slot }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <MatrixRowView
              key={slot}
              grid={grid}
              row={row}
              index={index}
              top={top}
              blocks={blocks}
              slots={slots}
              selected={selected.has(row.tenant.schema)}
              compact={compact}
              cursor={index === active.row ? active.column : -1}
              words={words}
            />
          );
        })}
      </div>
    </div>
  );
}

/** The number that the nearest element around this one carries. */
const numberOf = (element: Element, attribute: string) =>
  Number(element.closest(`[${attribute}]`)?.getAttribute(attribute) ?? -1);
