import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { TFunction } from "i18next";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { settingsQueryOptions } from "../api/settings";
import type { TenantGrowth, TenantStats, Totals } from "../api/types";
import { Bytes, Figure, Percent } from "../components/figures/Figure";
import type { GridColumn } from "../components/grid/columns";
import { DataGrid } from "../components/grid/DataGrid";
import { useGridModel } from "../components/grid/useGridModel";
import { useGrowth } from "../history/useGrowth";
import classes from "./ComparePage.module.css";

const schemaOf = (tenant: TenantStats) => tenant.schema;
const nameOf = (tenant: TenantStats) => tenant.name;

/** Sums per tenant side by side; a bar shows each figure against the greatest. */
export function FigureGrid({ stats }: { stats: TenantStats[] }) {
  const { t } = useTranslation("compare");
  const navigate = useNavigate();
  const { data: settings } = useQuery(settingsQueryOptions());
  const growth = useGrowth();
  const columns = useMemo(
    () => [...figureColumns(t, stats), ...growthColumns(t, growth.days, growth.bySchema)],
    [t, stats, growth],
  );
  const model = useGridModel("compare", columns, stats, { id: "rows", desc: true });
  const dense = settings?.dense ?? true;
  return (
    // As high as its lines, up to half of the window: the pictures come right after.
    <div
      className={classes.figures}
      style={{ height: `min(${stats.length * (dense ? 32 : 40) + 46}px, 46vh)` }}
    >
      <DataGrid
        model={model}
        label={t("tab.figures")}
        rowId={schemaOf}
        rowName={nameOf}
        dense={dense}
        onOpen={(tenant) => void navigate({ to: "/tenants/$schema", params: { schema: tenant.schema } })}
      />
    </div>
  );
}

type FigureId = Exclude<keyof Totals, "rows_estimated" | "size_estimated">;

function figureColumns(t: TFunction<"compare">, stats: readonly TenantStats[]): GridColumn<TenantStats>[] {
  const figure = (
    id: string,
    field: FigureId,
    width: number,
    show: (totals: Totals) => ReactNode,
  ): GridColumn<TenantStats> => {
    const greatest = Math.max(0, ...stats.map((tenant) => tenant.totals[field] ?? 0));
    return {
      id,
      header: t(`figure.${id as "rows"}`),
      value: (tenant) => tenant.totals[field],
      render: (tenant) => (
        <Weighed share={greatest > 0 ? (tenant.totals[field] ?? 0) / greatest : 0}>
          {show(tenant.totals)}
        </Weighed>
      ),
      align: "end",
      width,
      grow: 1,
    };
  };
  return [
    {
      id: "name",
      header: t("figure.tenant"),
      value: (tenant) => tenant.name,
      render: (tenant) => <bdi title={`${tenant.name} · ${tenant.schema}`}>{tenant.name}</bdi>,
      width: 180,
      grow: 2,
      hideable: false,
      opens: true,
    },
    figure("rows", "rows", 104, (of) => <Figure value={of.rows} estimated={of.rows_estimated} />),
    figure("size", "size_bytes", 90, (of) => <Bytes value={of.size_bytes} estimated={of.size_estimated} />),
    figure("indexSize", "index_bytes", 96, (of) => <Bytes value={of.index_bytes} />),
    figure("tables", "tables", 66, (of) => <Figure value={of.tables} />),
    figure("indexes", "indexes", 74, (of) => <Figure value={of.indexes} />),
    figure("dead", "dead_rows", 96, (of) => <Figure value={of.dead_rows} />),
    figure("cacheHit", "cache_hit", 92, (of) => <Percent value={of.cache_hit} />),
    figure("seqScans", "seq_scans", 96, (of) => <Figure value={of.seq_scans} />),
    figure("indexScans", "index_scans", 96, (of) => <Figure value={of.index_scans} />),
    figure("writes", "writes", 92, (of) => <Figure value={of.writes} />),
  ];
}

/** How the tenants grew, where the history is old enough. */
function growthColumns(
  t: TFunction<"compare">,
  days: number | null,
  bySchema: ReadonlyMap<string, TenantGrowth>,
): GridColumn<TenantStats>[] {
  if (days === null) return [];
  const note = t("figure.inDays", { days });
  return [
    {
      id: "growth",
      header: t("figure.growth"),
      note,
      value: (tenant) => bySchema.get(tenant.schema)?.size_bytes ?? null,
      render: (tenant) => <Bytes value={bySchema.get(tenant.schema)?.size_bytes ?? null} />,
      align: "end",
      width: 92,
      grow: 1,
    },
    {
      id: "growthShare",
      header: t("figure.growthShare"),
      note,
      value: (tenant) => bySchema.get(tenant.schema)?.share ?? null,
      render: (tenant) => <Percent value={bySchema.get(tenant.schema)?.share ?? null} />,
      align: "end",
      width: 92,
      grow: 1,
    },
  ];
}

function Weighed({ share, children }: { share: number; children: ReactNode }) {
  return (
    <span className={classes.weighed}>
      {children}
      <span className={classes.weight} style={{ width: `${Math.max(0, share) * 100}%` }} aria-hidden="true" />
    </span>
  );
}
