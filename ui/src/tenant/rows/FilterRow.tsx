import { ActionIcon, Select, TextInput } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Column, EnumType, FilterOperator, RowFilter } from "../../api/types";
import { operatorsFor, takesNoValue } from "./query";
import classes from "./RowsTab.module.css";

type FilterRowProps = {
  columns: readonly Column[];
  enums: readonly EnumType[];
  filter: RowFilter;
  onChange: (filter: RowFilter) => void;
  onRemove: () => void;
};

/** One condition: column, comparison, value. */
export function FilterRow({ columns, enums, filter, onChange, onRemove }: FilterRowProps) {
  const { t } = useTranslation("tenant");
  const column = columns.find((one) => one.name === filter.column);
  const operators = operatorsFor(column);
  const pickColumn = (name: string | null) => {
    const picked = columns.find((one) => one.name === name);
    if (!picked) return;
    const allowed = operatorsFor(picked);
    const operator = allowed.includes(filter.operator) ? filter.operator : (allowed[0] ?? "equals");
    onChange({ column: picked.name, operator, value: "" });
  };
  return (
    <div className={classes.filter}>
      <Select
        size="xs"
        w={150}
        searchable
        allowDeselect={false}
        aria-label={t("rows.filterColumn")}
        data={columns.map((one) => one.name)}
        value={filter.column}
        onChange={pickColumn}
      />
      <Select
        size="xs"
        w={110}
        allowDeselect={false}
        aria-label={t("rows.filterOperator")}
        data={operators.map((value) => ({ value, label: t(`rows.operator.${value}`) }))}
        value={filter.operator}
        onChange={(operator) => operator && onChange({ ...filter, operator: operator as FilterOperator })}
      />
      {!takesNoValue(filter.operator) && (
        <Value
          column={column}
          enums={enums}
          value={filter.value}
          onChange={(value) => onChange({ ...filter, value })}
        />
      )}
      <ActionIcon aria-label={t("rows.removeFilter", { column: filter.column })} onClick={onRemove}>
        <IconX size={14} />
      </ActionIcon>
    </div>
  );
}

type ValueProps = {
  column: Column | undefined;
  enums: readonly EnumType[];
  value: string;
  onChange: (value: string) => void;
};

/** The value to compare with: a choice where the values are known, a text otherwise. */
function Value({ column, enums, value, onChange }: ValueProps) {
  const { t } = useTranslation("tenant");
  const labels =
    column?.category === "B"
      ? [
          { value: "true", label: t("rows.true") },
          { value: "false", label: t("rows.false") },
        ]
      : enums.find((type) => type.name === column?.data_type.replace(/^.*\./, ""))?.labels;
  if (labels) {
    return (
      <Select
        size="xs"
        w={150}
        aria-label={t("rows.filterValue")}
        data={labels}
        value={value === "" ? null : value}
        onChange={(picked) => onChange(picked ?? "")}
      />
    );
  }
  return <TypedValue value={value} onChange={onChange} />;
}

/** Asks the server when the typing pauses, or at once on Enter. */
function TypedValue({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation("tenant");
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), 450);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);
  return (
    <TextInput
      size="xs"
      w={150}
      aria-label={t("rows.filterValue")}
      value={typed}
      spellCheck={false}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => event.key === "Enter" && onChange(typed)}
    />
  );
}
