import type { QueryFigures } from "../../api/types";
import { Figure, Percent } from "../../components/figures/Figure";
import type { GridColumn } from "../../components/grid/columns";
import type { Format } from "../../i18n/format";
import { figure, oneLine, type Translate } from "./words";

/** For which tenants a statement has run, in one line. */
function tenantsOf(t: Translate, query: QueryFigures): string {
  const [first] = query.tenants;
  if (!first) return t("notKnown");
  return query.known_tenants === 1 ? first.schema : t("queries.tenantsKnown", { count: query.known_tenants });
}

/** The columns of the list of statements. */
export function queryColumns(t: Translate, format: Format): GridColumn<QueryFigures>[] {
  const time = (
    id: "total" | "mean" | "max",
    value: (query: QueryFigures) => number,
    hidden = false,
  ): GridColumn<QueryFigures> => ({
    id,
    header: t(`queries.column.${id}`),
    value,
    text: (query) => `${value(query)} ms`,
    render: (query) => <span className="tabular">{format.duration(value(query))}</span>,
    align: "end",
    width: 92,
    hidden,
  });
  const count = (
    id: "calls" | "rows" | "entries" | "temp",
    value: (query: QueryFigures) => number,
    hidden = false,
  ): GridColumn<QueryFigures> => ({
    id,
    header: t(`queries.column.${id}`),
    value,
    render: (query) => <Figure value={value(query)} />,
    align: "end",
    width: 88,
    hidden,
  });
  return [
    {
      id: "share",
      header: t("queries.column.share"),
      value: (query) => query.share,
      render: (query) => <Percent value={query.share} />,
      align: "end",
      width: 76,
    },
    time("total", (query) => figure(query.total_ms)),
    time("mean", (query) => figure(query.mean_ms)),
    {
      id: "statement",
      header: t("queries.column.statement"),
      value: (query) => oneLine(query.text),
      render: (query) => <span title={query.text}>{oneLine(query.text)}</span>,
      width: 240,
      minWidth: 140,
      grow: 5,
      code: true,
      hideable: false,
      opens: true,
    },
    time("max", (query) => figure(query.max_ms), true),
    count("calls", (query) => query.calls),
    count("rows", (query) => query.rows),
    {
      id: "cache",
      header: t("queries.column.cache"),
      value: (query) => query.cache_hit,
      render: (query) => <Percent value={query.cache_hit} />,
      align: "end",
      width: 80,
      hidden: true,
    },
    count("entries", (query) => query.entries, true),
    count("temp", (query) => query.temp_blocks, true),
    {
      id: "tenants",
      header: t("queries.column.tenants"),
      value: (query) => tenantsOf(t, query),
      render: (query) =>
        query.tenants.length === 0 ? <i>{t("notKnown")}</i> : <bdi>{tenantsOf(t, query)}</bdi>,
      width: 120,
      grow: 1,
    },
    {
      id: "roles",
      header: t("queries.column.roles"),
      value: (query) => query.roles.join(", "),
      width: 120,
      hidden: true,
    },
  ];
}
