import { Button } from "@mantine/core";
import { IconFiles, IconListNumbers, IconSchema, IconTable, IconTag } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isCode } from "../api/error";
import type { Plan, RestoreRequest, TenantSummary, WorkbookCard, WorkbookCheck } from "../api/types";
import { planRead, useApplyRestore, useCancelRead, usePlanRestore } from "../api/workbooks";
import { PlanDialog } from "../components/plan/PlanDialog";
import { Changes } from "./Changes";
import { RestoreForm } from "./RestoreForm";
import { useShowRun } from "./useShowRun";

/** Refusals that the form can mend: the plan was not made because of a name. */
const aboutNames = /^(schema_name_|name_empty|identifier_invalid)/;

type RestoreDialogProps = {
  card: WorkbookCard;
  check: WorkbookCheck | null;
  tenants: readonly TenantSummary[];
  onClose: () => void;
};

/** Makes a tenant from a workbook: the form, the plan, the run, whose page has the report. */
export function RestoreDialog({ card, check, tenants, onClose }: RestoreDialogProps) {
  const { t } = useTranslation(["backups", "common", "create"]);
  const planning = usePlanRestore();
  const applying = useApplyRestore();
  const cancel = useCancelRead();
  const showRun = useShowRun();
  const [request, setRequest] = useState<RestoreRequest | null>(null);

  const makePlan = (wanted: RestoreRequest) => {
    setRequest(wanted);
    applying.reset();
    planning.mutate(wanted);
  };
  const close = () => {
    // Nobody waits for a file that is still being read.
    if (planning.isPending) cancel.mutate(planRead);
    onClose();
  };
  const refusal = planning.error && aboutNames.test(planning.error.code) ? planning.error : null;
  const planned =
    request !== null && !refusal && (planning.isPending || planning.isError || planning.isSuccess);
  const plan = planning.data;
  const failed = planning.error && !isCode(planning.error, "cancelled") ? planning.error : null;
  const name = plan?.tenants[0]?.name ?? (request?.into ? request.into : (request?.name ?? ""));
  return (
    <>
      <RestoreForm
        opened={!planned}
        card={card}
        tenants={tenants}
        edited={check !== null && !check.intact}
        refusal={refusal}
        busy={planning.isPending}
        onClose={close}
        onSubmit={makePlan}
      />
      {planned && (
        <PlanDialog
          opened
          onClose={close}
          title={t("backups:restore.planTitle", { name })}
          subtitle={t("backups:restore.planSubtitle", { schema: plan?.tenants[0]?.schema ?? "…" })}
          plan={plan}
          error={failed}
          onRetry={() => makePlan(request)}
          changes={plan && <RestoreChanges plan={plan} card={card} request={request} />}
          action={t("backups:restore.action")}
          onApply={(made) =>
            applying.mutate(made.id, {
              onSuccess: (run) => {
                onClose();
                showRun(run);
              },
            })
          }
          applying={applying.isPending}
          applyError={applying.error}
          back={
            <Button
              variant="subtle"
              color="gray"
              disabled={applying.isPending}
              onClick={() => {
                if (planning.isPending) cancel.mutate(planRead);
                planning.reset();
              }}
            >
              {t("create:plan.back")}
            </Button>
          }
        />
      )}
    </>
  );
}

/** What a restore adds to the database, in words. */
function RestoreChanges({
  plan,
  card,
  request,
}: {
  plan: Plan;
  card: WorkbookCard;
  request: RestoreRequest;
}) {
  const { t } = useTranslation(["backups", "create"]);
  const [tenant] = plan.tenants;
  if (!tenant) return null;
  const chosen = new Set(tenant.steps);
  const rows = card.tables.reduce((sum, { table, rows }) => sum + (chosen.has(table) ? rows : 0), 0);
  const structure = {
    icon: IconTable,
    text: t("backups:restore.change.structure", { count: card.tables.length }),
  };
  const made = request.template
    ? { icon: IconFiles, text: t("backups:restore.change.template"), code: request.template }
    : structure;
  const place = request.into
    ? [{ icon: IconSchema, text: t("backups:restore.change.into"), code: tenant.schema }]
    : [
        { icon: IconSchema, text: t("create:plan.schema"), code: tenant.schema },
        { icon: IconTag, text: t("backups:restore.change.name"), code: tenant.name },
      ];
  return (
    <Changes
      changes={[
        ...place,
        request.into
          ? { icon: IconTable, text: t("backups:restore.change.becomes", { count: card.tables.length }) }
          : made,
        { icon: IconListNumbers, text: t("backups:restore.change.rows", { count: chosen.size, rows }) },
      ]}
      rest={t("backups:restore.change.proof")}
    />
  );
}
