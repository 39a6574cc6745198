import { Button } from "@mantine/core";
import { IconFilterPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Column, EnumType, RowFilter } from "../../api/types";
import { FilterRow } from "./FilterRow";
import { operatorsFor } from "./query";
import classes from "./RowsTab.module.css";

type FilterBarProps = {
  columns: readonly Column[];
  enums: readonly EnumType[];
  filters: readonly RowFilter[];
  onChange: (filters: readonly RowFilter[]) => void;
};

type Numbered = { id: number; filter: RowFilter };

/** The conditions on the rows; all of them must hold. */
export function FilterBar({ columns, enums, filters, onChange }: FilterBarProps) {
  const { t } = useTranslation("tenant");
  // A condition has no identity of its own, and two may be alike: they are numbered as they are made.
  const [rows, setRows] = useState<Numbered[]>(() => filters.map((filter, id) => ({ id, filter })));
  const [next, setNext] = useState(filters.length);
  const change = (changed: Numbered[]) => {
    setRows(changed);
    onChange(changed.map((row) => row.filter));
  };
  const add = () => {
    const column = columns.find((one) => !one.primary_key) ?? columns[0];
    if (!column) return;
    const operator = operatorsFor(column)[0] ?? "equals";
    change([...rows, { id: next, filter: { column: column.name, operator, value: "" } }]);
    setNext(next + 1);
  };
  return (
    <search className={classes.filters}>
      {rows.map((row) => (
        <FilterRow
          key={row.id}
          columns={columns}
          enums={enums}
          filter={row.filter}
          onChange={(filter) => change(rows.map((one) => (one.id === row.id ? { ...one, filter } : one)))}
          onRemove={() => change(rows.filter((one) => one.id !== row.id))}
        />
      ))}
      <Button leftSection={<IconFilterPlus size={15} />} onClick={add} disabled={columns.length === 0}>
        {t("rows.addFilter")}
      </Button>
      {rows.length > 1 && (
        <Button variant="subtle" color="gray" onClick={() => change([])}>
          {t("rows.clear")}
        </Button>
      )}
      {rows.length === 0 && <span className={classes.note}>{t("rows.order")}</span>}
    </search>
  );
}
