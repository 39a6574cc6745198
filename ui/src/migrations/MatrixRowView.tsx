import type { VirtualItem } from "@tanstack/react-virtual";
import { useTranslation } from "react-i18next";
import type { GridCursor } from "../components/grid/useGridKeys";
import { Status } from "../components/status/Status";
import classes from "./MatrixGrid.module.css";
import { glyphs, type MatrixColumn, type MatrixRow } from "./matrix";

export const matrixCellId = (grid: string, at: GridCursor) => `${grid}-${at.row}-${at.column}`;

type MatrixRowProps = {
  grid: string;
  row: MatrixRow;
  index: number;
  top: number;
  columns: readonly MatrixColumn[];
  visible: readonly VirtualItem[];
  selected: boolean;
  /** The column under the keyboard's cursor, 0 for the tenant, or −1. */
  cursor: number;
  onToggle: (index: number, extend: boolean) => void;
  onPoint: (column: number) => void;
  onOpenTenant: () => void;
};

/** One tenant: name, how far it is, and a cell per migration. */
export function MatrixRowView(props: MatrixRowProps) {
  const { grid, row, index, top, columns, visible, selected, cursor, onToggle, onPoint, onOpenTenant } =
    props;
  const { t } = useTranslation(["migrations", "common"]);
  const { tenant, standing } = row;
  const name = tenant.name;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        id={matrixCellId(grid, { row: index, column: 0 })}
        className={classes.name}
        data-cursor={cursor === 0 || undefined}
      >
        <input
          type="checkbox"
          className={classes.box}
          tabIndex={-1}
          checked={selected}
          readOnly
          aria-label={t("common:grid.selectRow", { name })}
          onClick={(event) => onToggle(index, event.shiftKey)}
        />
        <button
          type="button"
          tabIndex={-1}
          className={classes.tenant}
          title={`${name} · ${tenant.schema}`}
          onClick={onOpenTenant}
        >
          <bdi>{name}</bdi>
        </button>
        <span className={classes.standing}>
          {standing === "problem" ? (
            <Status tone="bad" label={t("migrations:standing.problem")} />
          ) : standing === "behind" ? (
            <Status tone="warn" label={t("migrations:standing.behind", { count: tenant.pending.length })} />
          ) : (
            <Status tone="ok" label={t("migrations:standing.current")} />
          )}
        </span>
      </div>
      {visible.map((item) => {
        const column = columns[item.index];
        if (!column) return null;
        const state = row.states.get(column.version) ?? "none";
        const word = t(`migrations:state.${state}`);
        return (
          <div
            key={column.version}
            role="gridcell"
            aria-colindex={item.index + 2}
            id={matrixCellId(grid, { row: index, column: item.index + 1 })}
            className={classes.cell}
            style={{ left: item.start }}
            data-state={state}
            data-cursor={cursor === item.index + 1 || undefined}
            title={`${name} · ${column.version} ${column.migration?.description ?? ""} · ${word}`}
            onClick={() => onPoint(item.index + 1)}
          >
            <span aria-hidden="true">{glyphs[state]}</span>
            <span className="visually-hidden">{word}</span>
          </div>
        );
      })}
    </div>
  );
}
