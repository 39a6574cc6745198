import { IconArrowRight } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { usePlanMove, usePlanMoveBack } from "../api/misplaced";
import type { MoveRequest, Plan } from "../api/types";
import { ChangeList } from "../components/plan/ChangeList";
import { LifePlan } from "../life/LifePlan";
import type { Named } from "../tenants/life";

type MoveDialogProps = { tenant: Named; objects: readonly string[]; onClose: () => void };

/** Moves objects of public into the schema of their tenant. */
export function MoveDialog({ tenant, objects, onClose }: MoveDialogProps) {
  const { t } = useTranslation("misplaced");
  const planning = usePlanMove();
  const { mutate } = planning;
  const asked = JSON.stringify({
    tenant: tenant.schema,
    other: null,
    objects,
    likely: false,
    back: false,
  } satisfies Omit<MoveRequest, "objects"> & { objects: readonly string[] });
  useEffect(() => mutate(JSON.parse(asked)), [mutate, asked]);
  return (
    <LifePlan
      onClose={onClose}
      title={t("dialog.title", { name: tenant.name })}
      subtitle={t("dialog.subtitle")}
      planning={planning}
      request={JSON.parse(asked)}
      changes={(plan) => <MoveChanges plan={plan} />}
      action={t("dialog.action", { count: countOf(planning.data) ?? objects.length })}
    />
  );
}

/** Takes back what a run has moved. */
export function MoveBackDialog({
  tenant,
  run,
  onClose,
}: {
  tenant: Named;
  run: string;
  onClose: () => void;
}) {
  const { t } = useTranslation("misplaced");
  const planning = usePlanMoveBack();
  const { mutate } = planning;
  useEffect(() => mutate(run), [mutate, run]);
  return (
    <LifePlan
      onClose={onClose}
      title={t("dialog.backTitle", { name: tenant.name })}
      subtitle={t("dialog.subtitle")}
      planning={planning}
      request={run}
      changes={(plan) => <MoveChanges plan={plan} />}
      action={t("dialog.action", { count: countOf(planning.data) ?? 1 })}
    />
  );
}

const countOf = (plan: Plan | undefined) => plan?.tenants[0]?.steps.length;

function MoveChanges({ plan }: { plan: Plan }) {
  const { t } = useTranslation("misplaced");
  const steps = plan.tenants.flatMap((tenant) => tenant.steps);
  return (
    <ChangeList
      changes={[
        { icon: IconArrowRight, text: t("dialog.moves", { count: steps.length }), code: steps.join(", ") },
      ]}
      note={t("dialog.note")}
    />
  );
}
