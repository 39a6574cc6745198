import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type CSSProperties,
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { type Copied, copyFromGrid } from "./copyFromGrid";
import classes from "./DataGrid.module.css";
import { GridBody } from "./GridBody";
import { GridHeader } from "./GridHeader";
import { GridMenu } from "./GridMenu";
import { cellId } from "./GridRow";
import { revealColumn } from "./revealColumn";
import { type GridCursor, handleGridKey } from "./useGridKeys";
import { columnLayout, type GridModel } from "./useGridModel";
import { useRecycledLines } from "./useRecycledLines";
import { nothingSelected, type Selection, useSelection } from "./useSelection";

type DataGridProps<T> = {
  /** Made by `useGridModel`: the sorted rows and the visible columns. */
  model: GridModel<T>;
  /** What the grid shows, for who cannot see it. */
  label: string;
  rowId: (row: T) => string;
  rowName?: (row: T) => string;
  /** 32 px rows instead of 40. */
  dense?: boolean;
  onOpen?: (row: T) => void;
  selected?: Selection;
  onSelect?: (selected: Selection) => void;
  /** Shown instead of rows when there is none. */
  empty?: ReactNode;
  /** The element that has the keyboard, for who wants to lead there. */
  focusRef?: RefObject<HTMLDivElement | null>;
};

const noop = () => {};

/** Any number of rows, of which only the visible ones are drawn. One tab stop; the arrow keys do the rest. */
export function DataGrid<T>(props: DataGridProps<T>) {
  const {
    model,
    label,
    rowId,
    rowName = rowId,
    dense = true,
    onOpen,
    selected,
    onSelect,
    empty,
    focusRef,
  } = props;
  const { rows, columns } = model;
  const grid = useId();
  const own = useRef<HTMLDivElement>(null);
  const scroller = focusRef ?? own;
  const [cursor, setCursor] = useState<GridCursor>({ row: 0, column: 0 });
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  const selectable = selected !== undefined && onSelect !== undefined;
  const selection = selected ?? nothingSelected;
  const height = dense ? 32 : 40;
  const ids = useMemo(() => rows.map(rowId), [rows, rowId]);
  const { toggle, extendTo, toggleAll, clear } = useSelection(ids, selection, onSelect ?? noop);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    // The heading covers the first lines of the scrolled part.
    scrollPaddingStart: columns.some((column) => column.note) ? 44 : 32,
    overscan: 3,
    initialRect: { width: 1000, height: 640 },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another density changes every row's place
  useLayoutEffect(() => virtual.measure(), [virtual, height]);

  const active = {
    row: Math.min(cursor.row, Math.max(0, rows.length - 1)),
    column: Math.min(cursor.column, columns.length - 1),
  };
  const chosen = useMemo(() => rows.filter((row) => selection.has(rowId(row))), [rows, rowId, selection]);

  const open = useCallback(
    (index: number) => {
      const row = rows[index];
      if (row !== undefined) onOpen?.(row);
    },
    [rows, onOpen],
  );
  const point = useCallback(
    (row: number, column: number, event?: MouseEvent) => {
      setCursor({ row, column });
      if (event?.type === "contextmenu") {
        event.preventDefault();
        setMenu({ x: event.clientX, y: event.clientY });
      } else if (event?.shiftKey && selectable) {
        event.preventDefault();
        getSelection()?.removeAllRanges();
        toggle(row, true);
      }
    },
    [selectable, toggle],
  );

  const copy = (what: Copied) => copyFromGrid(what, columns, active, rows[active.row], chosen);
  const lines = useRecycledLines(virtual);
  // A cell that is scrolled out of sight is not there to be named.
  const drawn = lines.some(({ index }) => index === active.row);
  const layout = columnLayout(columns, model.arrangement.widths, selectable);
  const style = {
    "--columns": layout.template,
    "--width": `${layout.width}px`,
    "--row": `${height}px`,
  } as CSSProperties;

  return (
    <div className={classes.frame} style={style}>
      <div
        ref={scroller}
        className={classes.scroller}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length + (selectable ? 1 : 0)}
        aria-multiselectable={selectable || undefined}
        aria-activedescendant={drawn ? cellId(grid, active.row, active.column) : undefined}
        // Straight to the element: a line beside the kept column is not worth drawing every row again.
        onScroll={({ currentTarget }) =>
          currentTarget.toggleAttribute("data-scrolled", currentTarget.scrollLeft > 0)
        }
        onMouseDown={(event) => {
          // A click on a box must not take the keyboard away from the grid.
          if (event.target instanceof HTMLInputElement && event.target.tabIndex === -1) {
            event.preventDefault();
            scroller.current?.focus({ preventScroll: true, focusVisible: false } as FocusOptions);
          }
        }}
        onKeyDown={(event) => {
          // Keys in a heading belong to the heading.
          if (event.target !== event.currentTarget) return;
          handleGridKey(event, {
            cursor: active,
            rows: rows.length,
            columns: columns.length,
            page: Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 2),
            move: (next, extend) => {
              if (extend && selectable) extendTo(active.row, next.row);
              setCursor(next);
              virtual.scrollToIndex(next.row);
              if (next.column !== active.column) revealColumn(scroller.current, next.column);
            },
            open: () => open(active.row),
            toggle: (extend) => selectable && toggle(active.row, extend),
            selectAll: () => selectable && toggleAll(),
            clear,
            copy: () => copy(chosen.length > 0 ? "selection" : "cell"),
          });
        }}
      >
        <GridHeader
          model={model}
          selectable={selectable}
          selection={chosen.length === 0 ? "none" : chosen.length === rows.length ? "all" : "some"}
          onToggleAll={toggleAll}
        />
        <GridBody
          grid={grid}
          rows={rows}
          ids={ids}
          columns={columns}
          lines={lines}
          height={virtual.getTotalSize()}
          rowName={rowName}
          selection={selectable ? selection : null}
          cursor={active}
          onPoint={point}
          onToggle={toggle}
          onOpen={onOpen ? open : undefined}
        />
      </div>
      {rows.length === 0 && <div className={classes.empty}>{empty}</div>}
      {menu && (
        <GridMenu
          at={menu}
          onClose={() => {
            setMenu(null);
            scroller.current?.focus();
          }}
          selected={chosen.length}
          onCopy={copy}
          onOpen={onOpen ? () => open(active.row) : undefined}
        />
      )}
    </div>
  );
}
