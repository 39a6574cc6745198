import { useTranslation } from "react-i18next";
import type { MigrateRequest, Plan } from "../api/types";
import { plainVersion } from "./version";

/** Title and button of the dialog: the verb, how many tenants, and how far. */
export function useMigrateWords(request: MigrateRequest, plan: Plan | undefined) {
  const { t } = useTranslation("migrations");
  const { tenants, direction, to } = request;
  const count = plan ? plan.tenants.filter((tenant) => tenant.skipped === null).length : tenants.length;
  if (direction === "down") {
    const action = t("revertDialog.action", { count });
    if (to === null) return { title: t("revertDialog.title", { count }), action };
    if (to === 0) return { title: t("revertDialog.titleZero", { count }), action };
    return { title: t("revertDialog.titleTo", { count, version: plainVersion(to) }), action };
  }
  const versions = plan?.tenants.flatMap((tenant) => tenant.steps.map((step) => Number.parseInt(step, 10)));
  const target = to ?? (versions?.length ? versions.reduce((a, b) => Math.max(a, b)) : null);
  const action = t("dialog.action", { count });
  if (target === null) return { title: t("dialog.title", { count }), action };
  return { title: t("dialog.titleTo", { count, version: plainVersion(target) }), action };
}
