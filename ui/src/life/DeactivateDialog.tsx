import { Checkbox } from "@mantine/core";
import { IconDatabase, IconLock, IconNotes, IconUserOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePlanDeactivate } from "../api/life";
import type { Plan } from "../api/types";
import { ChangeList } from "../components/plan/ChangeList";
import type { Named } from "../tenants/life";
import classes from "./Life.module.css";
import { LifePlan } from "./LifePlan";

type DeactivateDialogProps = { tenants: readonly Named[]; onClose: () => void };

/** Closes tenants to everybody who uses them. */
export function DeactivateDialog({ tenants, onClose }: DeactivateDialogProps) {
  const { t } = useTranslation("life");
  const planning = usePlanDeactivate();
  const [endSessions, setEndSessions] = useState(false);
  const [keepLogin, setKeepLogin] = useState(false);
  const { mutate } = planning;
  const schemas = tenants.map((tenant) => tenant.schema);
  const request = { tenants: schemas, end_sessions: endSessions && !keepLogin, keep_login: keepLogin };
  const asked = JSON.stringify(request);
  useEffect(() => mutate(JSON.parse(asked)), [mutate, asked]);
  const [one] = tenants;
  const count = tenants.length;
  return (
    <LifePlan
      onClose={onClose}
      title={count === 1 ? t("deactivate.title", { name: one?.name }) : t("deactivate.titles", { count })}
      subtitle={t("deactivate.subtitle")}
      planning={planning}
      request={request}
      options={
        <div className={classes.switches}>
          <Checkbox
            label={t("deactivate.endSessions")}
            description={t("deactivate.endSessionsHint")}
            checked={endSessions && !keepLogin}
            disabled={keepLogin}
            onChange={(event) => setEndSessions(event.currentTarget.checked)}
          />
          <Checkbox
            label={t("deactivate.keepLogin")}
            description={t("deactivate.keepLoginHint")}
            checked={keepLogin}
            onChange={(event) => setKeepLogin(event.currentTarget.checked)}
          />
        </div>
      }
      changes={(plan) => <DeactivateChanges plan={plan} />}
      action={t("deactivate.action", { count: changed(planning.data) ?? count })}
      destructive
    />
  );
}

/** How many tenants a plan changes. */
export const changed = (plan: Plan | undefined) =>
  plan?.tenants.filter((tenant) => tenant.skipped === null).length;

function DeactivateChanges({ plan }: { plan: Plan }) {
  const { t } = useTranslation("life");
  const roles = plan.tenants.flatMap((tenant) => tenant.steps);
  const already = plan.tenants.filter((tenant) => tenant.skipped !== null);
  const named = roles.slice(0, 5).join(", ") + (roles.length > 5 ? ", …" : "");
  return (
    <ChangeList
      changes={[
        { icon: IconLock, text: t("deactivate.rights", { count: changed(plan) ?? 0 }) },
        ...(roles.length > 0
          ? [{ icon: IconUserOff, text: t("deactivate.logins", { count: roles.length }), code: named }]
          : []),
        { icon: IconNotes, text: t("deactivate.record") },
        { icon: IconDatabase, text: t("deactivate.data") },
      ]}
      note={already.length > 0 ? t("deactivate.already", { count: already.length }) : t("deactivate.note")}
    />
  );
}
