import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { TenantStats } from "../api/types";
import classes from "./ComparePage.module.css";

/** What the comparison is of, and what it leaves out: without that, it is easily taken for more than it is. */
export function ComparedLine({ stats }: { stats: readonly TenantStats[] }) {
  const { t } = useTranslation("compare");
  const { tables, incomplete } = useMemo(() => countTables(stats), [stats]);
  const sizes = stats.some((one) => one.totals.size_estimated);
  return (
    <p className={classes.compared}>
      {t("compared.what", { tables: t("compared.tables", { count: tables }), tenants: stats.length })}
      {incomplete > 0 && ` · ${t("compared.incomplete", { count: incomplete })}`}
      {` · ${t(sizes ? "compared.sizesEstimated" : "compared.sizes")} · ${t("compared.ignored")} `}
      <Link to="/compare/structure" search={{}}>
        {t("compared.structure")}
      </Link>
    </p>
  );
}

/** How many tables there are by name, and how many of them not every tenant has. */
function countTables(stats: readonly TenantStats[]): { tables: number; incomplete: number } {
  const counts = new Map<string, number>();
  for (const tenant of stats) {
    for (const { table } of tenant.tables) counts.set(table, (counts.get(table) ?? 0) + 1);
  }
  return {
    tables: counts.size,
    incomplete: [...counts.values()].filter((count) => count < stats.length).length,
  };
}
