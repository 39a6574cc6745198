import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { migrationStatusQueryOptions, useApplyMigration } from "../api/migrations";
import { usePlanRevisit, type Way } from "../api/runs";
import type { MigrationInfo } from "../api/types";
import { PlanDialog } from "../components/plan/PlanDialog";
import { useConfirmation } from "../migrations/confirmation";
import { MigrateChanges } from "../migrations/MigrateChanges";
import { RehearseButton } from "../migrations/RehearseButton";
import { useMigrationSource } from "../migrations/source";
import { useRehearsal } from "../migrations/useRehearsal";
import { closeRevisit, useRevisit } from "./revisit";
import { followStarted } from "./store";

const noMigrations: readonly MigrationInfo[] = [];

/** The dialog that `openRevisit` opens. Once in the window. */
export function RevisitDialog() {
  const revisit = useRevisit();
  return revisit && <Revisit key={`${revisit.way} ${revisit.run}`} {...revisit} />;
}

/** What is left of a run, or its way back, as a plan; applying it starts a run. */
function Revisit({ run, way }: { run: string; way: Way }) {
  const { t } = useTranslation(["runs", "migrations"]);
  const planning = usePlanRevisit();
  const applying = useApplyMigration();
  const { mutate: makePlan } = planning;
  useEffect(() => makePlan({ run, way }), [makePlan, run, way]);
  // The plan is made from the run's own files; what is read here only adds their names.
  const { source } = useMigrationSource();
  const { data: status } = useQuery(migrationStatusQueryOptions(source ?? ""));
  const plan = planning.data;
  const confirm = useConfirmation(plan);
  const { rehearse, running, findings } = useRehearsal(plan);
  const count = plan?.tenants.filter((tenant) => tenant.skipped === null).length ?? 0;
  const down = plan?.kind === "migrate_down";
  const title = t(`runs:revisit.${way}.title`);
  const action = t(down ? "migrations:revertDialog.action" : "migrations:dialog.action", { count });

  return (
    <PlanDialog
      opened
      onClose={closeRevisit}
      title={plan ? `${title} – ${action}` : title}
      subtitle={t(`runs:revisit.${way}.subtitle`)}
      plan={plan}
      error={planning.error}
      onRetry={() => {
        applying.reset();
        makePlan({ run, way });
      }}
      changes={plan && <MigrateChanges plan={plan} migrations={status?.migrations ?? noMigrations} />}
      tools={<RehearseButton plan={plan} running={running} onRehearse={rehearse} />}
      findings={findings}
      action={plan ? action : t(`runs:revisit.${way}.action`)}
      destructive={down}
      confirm={confirm}
      onApply={(made) =>
        applying.mutate(made.id, {
          onSuccess: (started) => {
            void followStarted(started).catch(() => {});
            closeRevisit();
          },
        })
      }
      applying={applying.isPending}
      applyError={applying.error}
    />
  );
}
