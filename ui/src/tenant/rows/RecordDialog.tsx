import { Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Column } from "../../api/types";
import { Cell, type GridLine } from "./columns";
import classes from "./RowsTab.module.css";

type RecordDialogProps = { columns: readonly Column[]; line: GridLine; onClose: () => void };

/** One row from top to bottom, for tables that are wider than the window. */
export function RecordDialog({ columns, line, onClose }: RecordDialogProps) {
  const { t } = useTranslation(["tenant", "common"]);
  const words = { empty: t("tenant:rows.empty"), true: t("tenant:rows.true"), false: t("tenant:rows.false") };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("tenant:rows.record", { number: line.number })}
      size={680}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      <dl className={classes.record}>
        {columns.map((column, index) => (
          <div key={column.name}>
            <dt>
              <code>{column.name}</code>
              <small>{column.data_type}</small>
            </dt>
            <dd data-code={column.category === "U" || undefined}>
              <Cell
                value={pretty(line.cells[index] ?? null, column)}
                category={column.category}
                words={words}
              />
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

/** JSON is easier to read with its structure; what was cut, or is not JSON after all, stays as it came. */
function pretty(value: string | null, column: Column): string | null {
  if (value === null || !column.data_type.startsWith("json")) return value;
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}
