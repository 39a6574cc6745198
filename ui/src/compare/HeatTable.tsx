import { useTranslation } from "react-i18next";
import type { TenantStats } from "../api/types";
import { type Format, useFormat } from "../i18n/format";
import { type HeatRow, type Measure, unitOf } from "./figures";
import classes from "./HeatTable.module.css";

type HeatTableProps = {
  tenants: readonly TenantStats[];
  rows: readonly HeatRow[];
  measure: Measure;
  /** Smallest, middle and greatest have columns of their own: of two tenants they are the tenants. */
  spread: boolean;
};

/** A table whose cells are shaded by their share of the greatest in the line. The figures are always there too. */
export function HeatTable({ tenants, rows, measure, spread }: HeatTableProps) {
  const { t } = useTranslation("compare");
  const format = useFormat();
  const write = (value: number) => writeMeasure(format, measure, value);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard
    <div className={classes.scroller} tabIndex={0} role="region" aria-label={t(`measure.${measure}`)}>
      <table className={classes.table}>
        <caption className="visually-hidden">
          {t("heat.caption", { measure: t(`measure.${measure}`) })}
        </caption>
        <thead>
          <tr>
            <th scope="col" className={classes.corner}>
              {t("figure.table")}
            </th>
            <th scope="col" className={classes.figure}>
              {t("figure.difference")}
            </th>
            <th scope="col" className={classes.figure}>
              {t("figure.ratio")}
            </th>
            {spread &&
              (["least", "median", "greatest"] as const).map((end) => (
                <th key={end} scope="col" className={classes.figure}>
                  {t(`figure.${end}`)}
                </th>
              ))}
            {tenants.map((tenant) => (
              <th key={tenant.schema} scope="col" title={`${tenant.name} · ${tenant.schema}`}>
                <span className={classes.tenant}>
                  <bdi>{tenant.name}</bdi>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.table}>
              <th scope="row" className={classes.name} title={row.table}>
                {row.table}
              </th>
              <td className={classes.figure}>
                {row.difference === 0 ? <span className={classes.same}>=</span> : write(row.difference)}
              </td>
              <td className={classes.figure}>
                {row.ratio === null ? "–" : `× ${format.decimal(row.ratio)}`}
              </td>
              {spread &&
                ([row.least, row.median, row.greatest] as const).map((value, end) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: there are always the same three
                  <td key={end} className={classes.figure}>
                    {write(value)}
                  </td>
                ))}
              {row.values.map((value, index) => {
                const schema = tenants[index]?.schema ?? "";
                if (value === undefined) {
                  return (
                    <td key={schema} className={classes.missing}>
                      {t("heat.missing")}
                    </td>
                  );
                }
                const share = row.greatest > 0 ? (value ?? 0) / row.greatest : 0;
                return (
                  <td
                    key={schema}
                    style={{ "--share": `${Math.round(share * 55)}%` } as React.CSSProperties}
                    className={classes.shaded}
                  >
                    {value === null ? "–" : `${row.estimated[index] ? "≈ " : ""}${write(value)}`}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function writeMeasure(format: Format, measure: Measure, value: number): string {
  const unit = unitOf[measure];
  if (unit === "bytes") return format.bytes(value);
  return unit === "share" ? format.percent(value) : format.number(value);
}
