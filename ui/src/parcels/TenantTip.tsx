import { useTranslation } from "react-i18next";
import type { TenantGrowth, TenantSummary } from "../api/types";
import { Bytes, Figure } from "../components/figures/Figure";
import { RelativeTime } from "../components/figures/RelativeTime";
import { useFormat } from "../i18n/format";
import { shortVersion } from "../migrations/version";
import type { Category } from "./category";
import type { Hue } from "./choices";
import { Swatch } from "./ParcelLegend";
import classes from "./ParcelMap.module.css";

type TenantTipProps = {
  tenant: TenantSummary;
  hue: Hue;
  growth: TenantGrowth | undefined;
  category: Category | undefined;
};

/** What is known of a tenant, where its parcel is pointed at. */
export function TenantTip({ tenant, hue, growth, category }: TenantTipProps) {
  const { t } = useTranslation(["tenants", "parcels"]);
  const format = useFormat();
  const pending = tenant.pending ?? 0;
  return (
    <>
      <bdi className={classes.tipName}>{tenant.name}</bdi>
      <span className={classes.tipSchema}>{tenant.schema}</span>
      <dl className={classes.tipFacts}>
        {category && (
          <>
            <dt>{t(`parcels:hues.${hue}`)}</dt>
            <dd className={classes.tipCategory}>
              <Swatch category={category} />
              {category.label}
            </dd>
          </>
        )}
        <dt>{t("tenants:column.size")}</dt>
        <dd>
          <Bytes value={tenant.size_bytes} estimated={tenant.size_estimated} />
        </dd>
        <dt>{t("tenants:column.rows")}</dt>
        <dd>
          <Figure value={tenant.rows} estimated={tenant.rows_estimated} />
        </dd>
        {tenant.version !== null && (
          <>
            <dt>{t("tenants:column.version")}</dt>
            <dd>
              {shortVersion(tenant.version)}
              {pending > 0 && ` · ${t("tenants:pendingHint", { count: pending })}`}
            </dd>
          </>
        )}
        {growth && (
          <>
            <dt>{t("parcels:hues.growth")}</dt>
            <dd>
              {growth.size_bytes > 0 && "+"}
              {format.bytes(growth.size_bytes)}
              {growth.share !== null && ` · ${format.percent(growth.share)}`}
            </dd>
          </>
        )}
        {tenant.last_backup !== null && (
          <>
            <dt>{t("tenants:column.backup")}</dt>
            <dd>
              <RelativeTime value={tenant.last_backup} />
            </dd>
          </>
        )}
      </dl>
    </>
  );
}
