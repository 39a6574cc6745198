import type { VirtualItem } from "@tanstack/react-virtual";
import { useTranslation } from "react-i18next";
import type { GridCursor } from "../components/grid/useGridKeys";
import { Sign, Status } from "../components/status/Status";
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
  compact: boolean;
  /** The column under the keyboard's cursor, 0 for the tenant, or −1. */
  cursor: number;
  onToggle: (index: number, extend: boolean) => void;
  onPoint: (column: number) => void;
  onOpenTenant: () => void;
};

/** One tenant: name, how far it is, and a cell per migration. */
export function MatrixRowView(props: MatrixRowProps) {
  const { grid, row, index, top, columns, visible, selected, compact, cursor } = props;
  const { onToggle, onPoint, onOpenTenant } = props;
  const { t } = useTranslation(["migrations", "common"]);
  const { tenant } = row;
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
        <span className={classes.standing} data-compact={compact || undefined}>
          <Standing row={row} short={compact} />
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

/** How far the tenant is, in a sign and words; when there is little room the figure stands for the words. */
function Standing({ row: { tenant, standing }, short }: { row: MatrixRow; short: boolean }) {
  const { t } = useTranslation("migrations");
  const words =
    standing === "behind"
      ? t("standing.behind", { count: tenant.pending.length })
      : t(`standing.${standing}`);
  const tone = standing === "problem" ? "bad" : standing === "behind" ? "warn" : "ok";
  if (!short) return <Status tone={tone} label={words} />;
  return (
    <span title={words}>
      <Sign tone={tone} />
      <span className="visually-hidden">{words}</span>
    </span>
  );
}
