import { useTranslation } from "react-i18next";
import type { TenantStats } from "../api/types";
import type { Series } from "./charts";

type SeriesTableProps = {
  tenants: readonly TenantStats[];
  series: readonly Series[];
  write: (value: number) => string;
};

/** The figures of a chart. */
export function SeriesTable({ tenants, series, write }: SeriesTableProps) {
  const { t } = useTranslation("compare");
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t("figure.tenant")}</th>
          {series.map((one) => (
            <th key={one.name} scope="col" style={{ textAlign: "end" }}>
              {one.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {tenants.map((tenant, index) => (
          <tr key={tenant.schema}>
            <th scope="row" style={{ position: "static" }}>
              <bdi>{tenant.name}</bdi>
            </th>
            {series.map((one) => (
              <td key={one.name} className="tabular" style={{ textAlign: "end" }}>
                {write(one.values[index] ?? 0)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
