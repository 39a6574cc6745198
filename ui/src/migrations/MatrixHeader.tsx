import type { VirtualItem } from "@tanstack/react-virtual";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { blockSize } from "./MatrixCells";
import classes from "./MatrixGrid.module.css";
import type { MatrixColumn } from "./matrix";
import { shortVersion } from "./version";

type MatrixHeaderProps = {
  columns: readonly MatrixColumn[];
  /** The blocks of columns to draw. */
  blocks: readonly VirtualItem[];
  /** There is room for the migrations' names. */
  wide: boolean;
  selection: "none" | "some" | "all";
  onToggleAll: () => void;
  onOpen: (column: MatrixColumn) => void;
};

function Header(props: MatrixHeaderProps) {
  const { columns, blocks, wide, selection, onToggleAll, onOpen } = props;
  const { t } = useTranslation(["migrations", "common"]);
  return (
    <div role="row" aria-rowindex={1} className={classes.header}>
      <div role="columnheader" aria-colindex={1} className={classes.corner}>
        <input
          type="checkbox"
          className="checkbox"
          checked={selection === "all"}
          ref={(box) => {
            if (box) box.indeterminate = selection === "some";
          }}
          onChange={onToggleAll}
          aria-label={t("common:grid.selectAll")}
        />
        {t("migrations:matrix.tenant")}
      </div>
      {blocks.flatMap((block) => {
        const first = block.index * blockSize;
        return columns.slice(first, first + blockSize).map((column, place) => {
          const description = column.migration?.description ?? t("migrations:matrix.notInFolder");
          return (
            <div
              key={column.version}
              role="columnheader"
              aria-colindex={first + place + 2}
              className={classes.heading}
              style={{ left: `calc(${block.start}px + ${place} * var(--cell))` }}
            >
              <button
                type="button"
                tabIndex={-1}
                className={classes.headingButton}
                title={`${column.version} ${description}`}
                data-foreign={column.migration === null || undefined}
                onClick={() => onOpen(column)}
              >
                <b aria-hidden="true">{heading(column.version, wide)}</b>
                <span className="visually-hidden">{column.version} </span>
                <span className={wide ? classes.description : "visually-hidden"}>{description}</span>
              </button>
            </div>
          );
        });
      })}
    </div>
  );
}

/** The migrations, in order; stays in view. Scrolling down does not draw it again. */
export const MatrixHeader = memo(Header);

/** A narrow column has room for the end of a time, which tells neighbours apart. */
function heading(version: number, wide: boolean): string {
  const text = String(version);
  return wide || text.length <= 5 ? shortVersion(version) : `…${text.slice(-3)}`;
}
