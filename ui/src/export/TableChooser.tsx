import { Button, Checkbox, Input, SegmentedControl } from "@mantine/core";
import { type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { SearchField } from "../components/search/SearchField";
import { fold, matcher } from "../tenants/search";
import classes from "./TableChooser.module.css";

/** A table to choose, and what is said of it at the end of its line. */
export type ChoosableTable = { table: string; figures?: ReactNode };

type TableChooserProps = {
  label: string;
  /** `undefined` while they are being read. */
  tables: readonly ChoosableTable[] | undefined;
  /** `null` is all of them. */
  chosen: readonly string[] | null;
  onChange: (tables: readonly string[] | null) => void;
  /** How many there are is not known before somebody wants to choose. */
  unknown?: boolean;
  /** Shown below while the tables are not there. */
  children?: ReactNode;
};

/** So many lines need no filter. */
const few = 8;

/** All tables, or some of them. */
export function TableChooser({ label, tables, chosen, onChange, unknown, children }: TableChooserProps) {
  const { t } = useTranslation("export");
  const id = useId();
  const [words, setWords] = useState("");
  const all = (tables ?? []).map(({ table }) => table);
  const fits = matcher(words);
  const shown = (tables ?? []).filter(({ table }) => words.trim() === "" || fits(fold(table)));
  const names = shown.map(({ table }) => table);
  const every = names.every((name) => chosen?.includes(name));
  const toggle = () => {
    const kept = (chosen ?? []).filter((name) => !names.includes(name));
    onChange(every ? kept : [...kept, ...names]);
  };
  return (
    <Input.Wrapper label={label} labelElement="div" labelProps={{ id }}>
      <div className={classes.which}>
        <SegmentedControl
          aria-labelledby={id}
          value={chosen === null ? "all" : "some"}
          // Whoever goes on to choose begins with what is there, as far as that is known.
          onChange={(value) => onChange(value === "all" ? null : all)}
          disabled={tables === undefined && !unknown}
          data={[
            { value: "all", label: unknown || !tables ? t("all") : t("allTables", { count: all.length }) },
            { value: "some", label: t("someTables") },
          ]}
        />
        {chosen !== null && tables && (
          <>
            {all.length > few && (
              <SearchField label={t("filterTables")} value={words} onChange={setWords} width={180} />
            )}
            <Button size="compact-sm" variant="subtle" color="gray" onClick={toggle}>
              {t(every ? "none" : "every")}
            </Button>
            <span className={classes.count} role="status">
              {t("chosenTables", { chosen: chosen.length, total: all.length })}
            </span>
          </>
        )}
      </div>
      {children}
      {tables && chosen !== null && (
        <Checkbox.Group
          label={<span className="visually-hidden">{label}</span>}
          value={[...chosen]}
          onChange={onChange}
        >
          <div className={classes.tables}>
            {shown.map(({ table, figures }) => (
              <div key={table} className={classes.table}>
                <Checkbox value={table} label={<code>{table}</code>} />
                <span className={classes.figures}>{figures}</span>
              </div>
            ))}
            {shown.length === 0 && <span className={classes.count}>{t("noTable")}</span>}
          </div>
        </Checkbox.Group>
      )}
    </Input.Wrapper>
  );
}
