import type { VirtualItem } from "@tanstack/react-virtual";
import { memo, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { blockSize } from "./MatrixCells";
import classes from "./MatrixGrid.module.css";
import type { MatrixColumn } from "./matrix";
import { narrowVersion, shortVersion } from "./version";

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
  const names = useMemo(() => {
    const versions = columns.map((column) => column.version);
    return new Map(
      versions.map((version, at) => {
        const neighbours = versions.slice(Math.max(0, at - 1), at + 2);
        return [version, wide ? shortVersion(version) : narrowVersion(version, neighbours)];
      }),
    );
  }, [columns, wide]);
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
                <b aria-hidden="true">{names.get(column.version)}</b>
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
