import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { type KeyboardEvent, memo, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";
import type { GridColumn } from "./columns";
import classes from "./DataGrid.module.css";
import type { GridModel } from "./useGridModel";

type GridHeaderProps<T> = {
  model: GridModel<T>;
  selectable: boolean;
  selection: "none" | "some" | "all";
  onToggleAll: () => void;
};

function Header<T>({ model, selectable, selection, onToggleAll }: GridHeaderProps<T>) {
  const { t } = useTranslation();
  return (
    <div
      role="row"
      className={classes.header}
      aria-rowindex={1}
      data-noted={model.columns.some((column) => column.note) || undefined}
    >
      {selectable && (
        <div role="columnheader" className={classes.check} aria-colindex={1}>
          <input
            type="checkbox"
            className="checkbox"
            checked={selection === "all"}
            ref={(box) => {
              if (box) box.indeterminate = selection === "some";
            }}
            onChange={onToggleAll}
            aria-label={t("grid.selectAll")}
          />
        </div>
      )}
      {model.columns.map((column, position) => (
        <Heading key={column.id} model={model} column={column} index={position + (selectable ? 2 : 1)} />
      ))}
    </div>
  );
}

/** The line of headings: sorts on a click, resizes on a drag, and stays in view. Scrolling does not draw it again. */
export const GridHeader = memo(Header) as typeof Header;

function Heading<T>({ model, column, index }: { model: GridModel<T>; column: GridColumn<T>; index: number }) {
  const { t } = useTranslation();
  const sort = model.arrangement.sorting.find((order) => order.id === column.id);
  const direction = sort ? (sort.desc ? "descending" : "ascending") : undefined;
  const sortable = column.sortable !== false;
  const least = column.minWidth ?? 56;

  const cycle = () => {
    // Figures are asked for largest first, texts from the beginning.
    const first = column.align === "end";
    if (!sort) model.setSort([{ id: column.id, desc: first }]);
    else if (sort.desc === first) model.setSort([{ id: column.id, desc: !first }]);
    else model.setSort([]);
  };

  const startResize = (event: PointerEvent<HTMLElement>) => {
    event.preventDefault();
    const handle = event.currentTarget;
    const start = event.clientX;
    const width = handle.parentElement?.getBoundingClientRect().width ?? column.width;
    handle.setPointerCapture(event.pointerId);
    const resize = (moved: globalThis.PointerEvent) =>
      model.setWidth(column.id, Math.max(least, width + moved.clientX - start));
    const end = () => {
      handle.removeEventListener("pointermove", resize);
      handle.removeEventListener("pointerup", end);
      handle.removeEventListener("pointercancel", end);
    };
    handle.addEventListener("pointermove", resize);
    handle.addEventListener("pointerup", end);
    handle.addEventListener("pointercancel", end);
  };

  const resizeByKey = (event: KeyboardEvent<HTMLElement>) => {
    if (!event.altKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    event.preventDefault();
    event.stopPropagation();
    const width =
      event.currentTarget.closest("[role=columnheader]")?.getBoundingClientRect().width ?? column.width;
    model.setWidth(column.id, Math.max(least, width + (event.key === "ArrowRight" ? 16 : -16)));
  };

  return (
    <div
      role="columnheader"
      className={classes.heading}
      data-column={column.id}
      aria-colindex={index}
      aria-sort={direction ?? (sortable ? "none" : undefined)}
      data-align={column.align}
    >
      {sortable ? (
        <button type="button" className={classes.sort} onClick={cycle} onKeyDown={resizeByKey}>
          <Words column={column} />
          {direction === "ascending" && <IconArrowUp size={13} stroke={2.2} aria-hidden="true" />}
          {direction === "descending" && <IconArrowDown size={13} stroke={2.2} aria-hidden="true" />}
        </button>
      ) : (
        <Words column={column} />
      )}
      <span
        className={classes.resize}
        onPointerDown={startResize}
        title={t("grid.resize")}
        aria-hidden="true"
      />
    </div>
  );
}

function Words<T>({ column }: { column: GridColumn<T> }) {
  return (
    <span className={classes.headingText}>
      {column.header}
      {column.note && <small className={classes.note}>{column.note}</small>}
    </span>
  );
}
