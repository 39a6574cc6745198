import { IconLockOpen, IconUserCheck } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { usePlanActivate } from "../api/life";
import type { Plan } from "../api/types";
import { ChangeList } from "../components/plan/ChangeList";
import type { Named } from "../tenants/life";
import { changed } from "./DeactivateDialog";
import { LifePlan } from "./LifePlan";

type ActivateDialogProps = { tenants: readonly Named[]; onClose: () => void };

/** Opens tenants again exactly as they were. */
export function ActivateDialog({ tenants, onClose }: ActivateDialogProps) {
  const { t } = useTranslation("life");
  const planning = usePlanActivate();
  const { mutate } = planning;
  const asked = JSON.stringify(tenants.map((tenant) => tenant.schema));
  useEffect(() => mutate(JSON.parse(asked)), [mutate, asked]);
  const [one] = tenants;
  const count = tenants.length;
  return (
    <LifePlan
      onClose={onClose}
      title={count === 1 ? t("activate.title", { name: one?.name }) : t("activate.titles", { count })}
      subtitle={t("activate.subtitle")}
      planning={planning}
      request={tenants.map((tenant) => tenant.schema)}
      changes={(plan) => <ActivateChanges plan={plan} />}
      action={t("activate.action", { count: changed(planning.data) ?? count })}
    />
  );
}

function ActivateChanges({ plan }: { plan: Plan }) {
  const { t } = useTranslation("life");
  const roles = plan.tenants.flatMap((tenant) => tenant.steps);
  const named = roles.slice(0, 5).join(", ") + (roles.length > 5 ? ", …" : "");
  return (
    <ChangeList
      changes={[
        { icon: IconLockOpen, text: t("activate.rights", { count: changed(plan) ?? 0 }) },
        ...(roles.length > 0
          ? [{ icon: IconUserCheck, text: t("activate.logins", { count: roles.length }), code: named }]
          : []),
      ]}
      note={t("activate.note")}
    />
  );
}
