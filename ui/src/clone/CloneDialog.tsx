import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useApplyClone, usePlanClone } from "../api/clone";
import type { CloneRequest } from "../api/types";
import { PlanDialog } from "../components/plan/PlanDialog";
import { followStarted } from "../runs/store";
import type { Named } from "../tenants/life";
import { CloneChanges } from "./CloneChanges";
import { CloneForm } from "./CloneForm";

/** Refusals that the form can mend: the plan was not made because of a name. */
const aboutNames = /^(schema_name_|name_empty|identifier_invalid)/;

type CloneDialogProps = { tenant: Named; onClose: () => void };

/** Makes a tenant after another one: the form, then the plan, then the run. */
export function CloneDialog({ tenant, onClose }: CloneDialogProps) {
  const { t } = useTranslation("clone");
  const planning = usePlanClone();
  const applying = useApplyClone();
  const [request, setRequest] = useState<CloneRequest | null>(null);
  const makePlan = (wanted: CloneRequest) => {
    setRequest(wanted);
    applying.reset();
    planning.mutate(wanted);
  };

  const refusal = planning.error && aboutNames.test(planning.error.code) ? planning.error : null;
  const planned = request !== null && !refusal && !planning.isIdle;
  const plan = planning.data;
  const schema = plan?.tenants[0]?.schema ?? request?.schema ?? "";
  return (
    <>
      <CloneForm
        opened={!planned}
        tenant={tenant}
        refusal={refusal}
        busy={planning.isPending}
        onClose={onClose}
        onSubmit={makePlan}
      />
      {planned && (
        <PlanDialog
          opened
          onClose={onClose}
          title={t("plan.title", { source: tenant.name, name: request.name })}
          subtitle={t("plan.subtitle", { source: tenant.schema, schema })}
          plan={plan}
          error={planning.error}
          onRetry={() => makePlan(request)}
          changes={plan && <CloneChanges plan={plan} data={request.data} />}
          action={t("plan.action")}
          onApply={(made) =>
            applying.mutate(made.id, {
              onSuccess: (run) => {
                void followStarted(run).catch(() => {});
                onClose();
              },
            })
          }
          applying={applying.isPending}
          applyError={applying.error}
          back={
            <Button variant="subtle" color="gray" onClick={() => planning.reset()}>
              {t("plan.back")}
            </Button>
          }
        />
      )}
    </>
  );
}
