import { useTranslation } from "react-i18next";
import type { TenantSummary } from "../api/types";
import { Bytes } from "../components/figures/Figure";

/** The fleet in one line: how many, how large, how many need attention. */
export function FleetSummary({ tenants }: { tenants: readonly TenantSummary[] }) {
  const { t } = useTranslation("tenants");
  let size = 0;
  let estimated = false;
  let behind = 0;
  let inactive = 0;
  for (const tenant of tenants) {
    size += tenant.size_bytes;
    estimated ||= tenant.size_estimated;
    if ((tenant.pending ?? 0) > 0) behind += 1;
    if (tenant.state === "inactive") inactive += 1;
  }
  return (
    <>
      {t("summary.tenants", { count: tenants.length })}
      {tenants.length > 0 && (
        <>
          {" · "}
          <Bytes value={size} estimated={estimated} />
        </>
      )}
      {behind > 0 && ` · ${t("summary.behind", { count: behind })}`}
      {inactive > 0 && ` · ${t("summary.inactive", { count: inactive })}`}
    </>
  );
}
