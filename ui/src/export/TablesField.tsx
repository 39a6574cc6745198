import { Button, Checkbox, Input, SegmentedControl, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { tenantQueryOptions } from "../api/tenants";
import { ErrorView } from "../components/error/ErrorView";
import { Figure } from "../components/figures/Figure";
import classes from "./ExportDialog.module.css";

type TablesFieldProps = {
  schema: string;
  /** `null` is all of them, also those that are created until the export starts. */
  chosen: readonly string[] | null;
  onChange: (tables: readonly string[] | null) => void;
};

/** All tables of a tenant, or some. */
export function TablesField({ schema, chosen, onChange }: TablesFieldProps) {
  const { t } = useTranslation("export");
  const id = useId();
  const { data: tenant, error } = useQuery(tenantQueryOptions(schema));
  const all = tenant?.tables.map((table) => table.table) ?? [];
  return (
    <Input.Wrapper label={t("tables")} labelElement="div" labelProps={{ id }}>
      <div className={classes.which}>
        <SegmentedControl
          aria-labelledby={id}
          value={chosen === null ? "all" : "some"}
          onChange={(value) => onChange(value === "all" ? null : all)}
          disabled={tenant === undefined}
          data={[
            { value: "all", label: t("allTables", { count: all.length }) },
            { value: "some", label: t("someTables") },
          ]}
        />
        {chosen !== null && (
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            onClick={() => onChange(chosen.length > 0 ? [] : all)}
          >
            {t(chosen.length > 0 ? "none" : "every")}
          </Button>
        )}
      </div>
      {error && <ErrorView error={error} plain />}
      {!tenant && !error && <Skeleton height={20} mt={8} />}
      {tenant && chosen !== null && (
        <Checkbox.Group
          label={<span className="visually-hidden">{t("tables")}</span>}
          value={[...chosen]}
          onChange={onChange}
        >
          <div className={classes.tables}>
            {tenant.tables.map((table) => (
              <div key={table.table} className={classes.table}>
                <Checkbox value={table.table} label={<code>{table.table}</code>} />
                <span className={classes.count}>
                  <Figure value={table.rows} estimated={table.rows_estimated} />
                </span>
              </div>
            ))}
          </div>
        </Checkbox.Group>
      )}
    </Input.Wrapper>
  );
}
