import { type KeyboardEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Table } from "../../api/types";
import { Figure } from "../../components/figures/Figure";
import { SearchField } from "../../components/search/SearchField";
import { fold, matcher } from "../../tenants/search";
import classes from "./TablePicker.module.css";

type TablePickerProps = {
  tables: readonly Table[];
  current: string | undefined;
  onPick: (table: string) => void;
};

/** The tables of a tenant in a narrow list. Arrows walk through it. */
export function TablePicker({ tables, current, onPick }: TablePickerProps) {
  const { t } = useTranslation("tenant");
  const [search, setSearch] = useState("");
  const shown = useMemo(() => tables.filter((table) => matcher(search)(fold(table.table))), [tables, search]);
  const walk = (event: KeyboardEvent<HTMLButtonElement>) => {
    const item = event.currentTarget.closest("li");
    const next =
      event.key === "ArrowDown"
        ? item?.nextElementSibling
        : event.key === "ArrowUp"
          ? item?.previousElementSibling
          : null;
    const button = next?.querySelector("button");
    if (!button) return;
    event.preventDefault();
    button.focus();
    button.click();
  };
  return (
    <nav className={classes.picker} aria-label={t("tab.tables")}>
      {tables.length > 8 && (
        <div className={classes.search}>
          <SearchField label={t("searchTables")} value={search} onChange={setSearch} width={192} />
        </div>
      )}
      <ul className={classes.list}>
        {shown.map((table) => (
          <li key={table.table}>
            <button
              type="button"
              className={classes.table}
              aria-current={table.table === current || undefined}
              title={table.table}
              onClick={() => onPick(table.table)}
              onKeyDown={walk}
            >
              <span>{table.table}</span>
              <small>
                <Figure value={table.rows} estimated={table.rows_estimated} />
              </small>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The table to show: the one asked for, or the first that is not a tool's own, such as `_sqlx_migrations`. */
export function currentTable(tables: readonly Table[], wanted: string | undefined): Table | undefined {
  return (
    tables.find((table) => table.table === wanted) ??
    tables.find((table) => !table.table.startsWith("_")) ??
    tables[0]
  );
}
