import { Skeleton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { GridColumn } from "./columns";
import classes from "./GridSkeleton.module.css";

const lines = Array.from({ length: 12 }, (_, index) => index);

/** Where rows will be, while they are read. */
export function GridSkeleton<T>({ columns }: { columns: readonly GridColumn<T>[] }) {
  const { t } = useTranslation();
  const visible = columns.filter((column) => !column.hidden);
  const template = visible
    .map((column) => (column.grow ? `minmax(${column.width}px, ${column.grow}fr)` : `${column.width}px`))
    .join(" ");
  return (
    <div className={classes.skeleton} role="status" aria-label={t("loading")}>
      <div className={classes.header}>&nbsp;</div>
      {lines.map((line) => (
        <div key={line} className={classes.line} style={{ gridTemplateColumns: `36px ${template}` }}>
          <span />
          {visible.map((column) => (
            <span key={column.id} className={classes.cell} data-align={column.align}>
              <Skeleton height={10} width={`${40 + ((line * 17 + column.width) % 45)}%`} />
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}
