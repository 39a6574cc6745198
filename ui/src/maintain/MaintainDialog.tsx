import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApplyMaintain, usePlanMaintain } from "../api/maintain";
import type { MaintainRequest, MaintainWork } from "../api/types";
import { PlanDialog } from "../components/plan/PlanDialog";
import { followStarted } from "../runs/store";
import type { Named } from "../tenants/life";
import { useRefusal } from "../tenants/useRefusal";
import { MaintainChanges } from "./MaintainChanges";
import { MaintainOptions } from "./MaintainOptions";

type MaintainDialogProps = {
  tenants: readonly Named[];
  /** Bare names of tables that are meant from the start; all of them when absent. */
  tables?: readonly string[];
  /** What is meant from the start. */
  work?: MaintainWork;
  onClose: () => void;
};

const none: readonly string[] = [];

/** VACUUM, ANALYZE, REINDEX or a check of tenants: what, how, and the plan of it. */
export function MaintainDialog({ tenants: given, tables = none, work, onClose }: MaintainDialogProps) {
  const { t } = useTranslation("maintain");
  const planning = usePlanMaintain();
  const applying = useApplyMaintain();
  const refusal = useRefusal();
  // The tenants of the moment in which it was opened: a selection may change behind the dialog.
  const [tenants] = useState(given);
  const [request, setRequest] = useState<MaintainRequest>({
    work: work ?? (refusal === null ? "vacuum" : "check"),
    tables: [...tables],
    needed: false,
    analyze: true,
    freeze: false,
    thorough: false,
    jobs: null,
  });
  // Every table that a plan has named can be chosen, also after some were.
  const [known, setKnown] = useState<readonly string[]>([]);
  const { mutate } = planning;
  const asked = JSON.stringify({ request, tenants: tenants.map((tenant) => tenant.schema) });
  useEffect(() => {
    mutate(JSON.parse(asked), {
      onSuccess: (plan) =>
        setKnown((before) => [...new Set([...before, ...plan.tables.map(({ table }) => table)])].sort()),
    });
  }, [mutate, asked]);

  const plan = planning.data;
  const [one] = tenants;
  const count = plan?.tenants.filter((tenant) => tenant.skipped === null).length ?? tenants.length;
  return (
    <PlanDialog
      opened
      onClose={onClose}
      title={tenants.length === 1 ? t("title", { name: one?.name }) : t("titles", { count: tenants.length })}
      subtitle={t(`subtitle.${request.work}`)}
      options={
        <MaintainOptions
          request={request}
          tables={[...new Set([...known, ...request.tables])].sort()}
          refusal={refusal}
          onChange={(change) => setRequest((before) => ({ ...before, ...change }))}
        />
      }
      plan={plan}
      error={planning.error}
      onRetry={() => {
        applying.reset();
        mutate(JSON.parse(asked));
      }}
      changes={plan && <MaintainChanges plan={plan} />}
      action={t(`action.${request.work}`, { count })}
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
    />
  );
}
