import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useCountRows } from "../../api/tenants";
import type { RowPage, RowQuery, Table } from "../../api/types";
import { pageSize } from "./query";
import classes from "./RowsTab.module.css";

type RowsFooterProps = {
  table: Table;
  query: RowQuery;
  page: RowPage | undefined;
  onOffset: (offset: number) => void;
};

/** Which rows these are, of how many; exact when somebody asks for it. */
export function RowsFooter({ table, query, page, onOffset }: RowsFooterProps) {
  const { t } = useTranslation("tenant");
  const count = useCountRows();
  const { reset } = count;
  const filters = JSON.stringify(query.filters);
  // A count holds for the filters that it was made with.
  // biome-ignore lint/correctness/useExhaustiveDependencies: other filters forget the count
  useEffect(() => reset(), [reset, filters]);
  const rows = page?.rows.length ?? 0;
  const total =
    count.data !== undefined
      ? t("rows.counted", { count: count.data })
      : query.filters.length === 0
        ? // Never fewer than are shown: statistics may have been lost, or come late.
          t(table.rows_estimated ? "rows.estimate" : "rows.counted", {
            count: Math.max(table.rows, query.offset + rows),
          })
        : null;
  return (
    <div className={classes.footer}>
      <Tooltip label={t("rows.previous")}>
        <ActionIcon
          aria-label={t("rows.previous")}
          disabled={query.offset === 0}
          onClick={() => onOffset(Math.max(0, query.offset - pageSize))}
        >
          <IconChevronLeft size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t("rows.next")}>
        <ActionIcon
          aria-label={t("rows.next")}
          disabled={!page?.more}
          onClick={() => onOffset(query.offset + pageSize)}
        >
          <IconChevronRight size={16} />
        </ActionIcon>
      </Tooltip>
      <span className="tabular" role="status">
        {rows > 0 && page && t("rows.range", { from: page.offset + 1, to: page.offset + rows })}
        {rows > 0 && total && ` ${t("rows.of")} ${total}`}
      </span>
      <Button
        onClick={() => count.mutate(query)}
        loading={count.isPending}
        disabled={count.data !== undefined}
      >
        {t("rows.count")}
      </Button>
      <span className={classes.note}>{t("rows.cut")}</span>
    </div>
  );
}
