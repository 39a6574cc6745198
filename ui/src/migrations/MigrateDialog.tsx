import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { migrationStatusQueryOptions, useApplyMigration, usePlanMigration } from "../api/migrations";
import { settingsQueryOptions } from "../api/settings";
import type { Direction, MigrateRequest, TenantSummary } from "../api/types";
import { PlanDialog } from "../components/plan/PlanDialog";
import { followStarted } from "../runs/store";
import { useConfirmation } from "./confirmation";
import { MigrateChanges } from "./MigrateChanges";
import { MigrateOptions } from "./MigrateOptions";
import { RehearseButton } from "./RehearseButton";
import { commonTemplate, useMigrationSource } from "./source";
import { useMigrateWords } from "./useMigrateWords";
import { useRehearsal } from "./useRehearsal";

type Migrated = Pick<TenantSummary, "schema" | "name"> &
  Partial<Pick<TenantSummary, "template">> & { pending?: number | readonly number[] | null };

type MigrateDialogProps = {
  opened: boolean;
  onClose: () => void;
  /** Who to migrate. */
  tenants: readonly Migrated[];
  /** Template or folder; the tenants' own template when absent, or what was used last. */
  source?: string;
  /** Down takes versions back. */
  direction?: Direction;
};

/** Asks for source, version and care; shows the plan; starts the run. */
export function MigrateDialog(props: MigrateDialogProps) {
  // A dialog that is opened anew starts anew.
  return props.opened && props.tenants.length > 0 ? <Migrate {...props} /> : null;
}

function Migrate({ onClose, tenants, source: given, direction = "up" }: MigrateDialogProps) {
  const last = useMigrationSource();
  const { data: settings } = useQuery(settingsQueryOptions());
  const [own, setOwn] = useState<Partial<Omit<MigrateRequest, "tenants">>>({});
  // The tenants of the moment in which it was opened: a selection may change behind the dialog.
  const [schemas] = useState(() => tenants.map((tenant) => tenant.schema));
  const [canaries] = useState(() => usualCanaries(tenants, direction));
  const template = commonTemplate(tenants.map((tenant) => ({ template: tenant.template ?? null })));
  const source = own.source ?? given ?? template ?? last.source ?? "";
  const { data: status } = useQuery(migrationStatusQueryOptions(source));

  const request = useMemo<MigrateRequest>(
    () => ({
      source,
      tenants: schemas,
      direction,
      to: null,
      jobs: settings?.jobs ?? null,
      continue_on_error: true,
      lock_timeout_ms: settings?.lock_timeout_ms ?? 5000,
      retries: null,
      canaries,
      ask_after_canaries: true,
      allow_drift: false,
      ...own,
    }),
    [source, schemas, direction, settings, canaries, own],
  );
  const [settled] = useDebouncedValue(request, 350);
  const planning = usePlanMigration();
  const applying = useApplyMigration();
  const { mutate: makePlan } = planning;
  useEffect(() => {
    if (settled.source !== "") makePlan(settled);
  }, [settled, makePlan]);

  // A plan of other options than those shown is none.
  const current = planning.variables === request;
  const plan = current ? planning.data : undefined;
  const words = useMigrateWords(request, plan);
  const confirm = useConfirmation(plan);
  const { rehearse, running, findings } = useRehearsal(plan);

  return (
    <PlanDialog
      opened
      onClose={onClose}
      title={words.title}
      options={
        <MigrateOptions
          request={request}
          onChange={(change) => setOwn((before) => ({ ...before, ...change }))}
          migrations={status?.migrations ?? []}
          templates={last.templates}
        />
      }
      plan={plan}
      error={current ? planning.error : null}
      onRetry={() => {
        applying.reset();
        makePlan(request);
      }}
      changes={
        plan && (
          <MigrateChanges
            plan={plan}
            migrations={status?.migrations ?? []}
            ask={request.ask_after_canaries}
          />
        )
      }
      tools={<RehearseButton plan={plan} running={running} onRehearse={rehearse} />}
      findings={findings}
      action={words.action}
      destructive={direction === "down"}
      confirm={confirm}
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

/** Of a handful everybody is as good as a canary; of more, three go first. */
function usualCanaries(tenants: readonly Migrated[], direction: Direction): number {
  const moving = tenants.filter(
    ({ pending }) => direction === "down" || (Array.isArray(pending) ? pending.length : pending) !== 0,
  );
  return moving.length > 5 ? 3 : 0;
}
