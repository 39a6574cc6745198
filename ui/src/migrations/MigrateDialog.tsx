import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { migrationStatusQueryOptions, useApplyMigration, usePlanMigration } from "../api/migrations";
import { settingsQueryOptions } from "../api/settings";
import type { MigrateRequest, TenantSummary } from "../api/types";
import { PlanDialog } from "../components/plan/PlanDialog";
import { followRun } from "../runs/store";
import { MigrateChanges } from "./MigrateChanges";
import { MigrateOptions } from "./MigrateOptions";
import { commonTemplate, useMigrationSource } from "./source";

type Migrated = Pick<TenantSummary, "schema" | "name"> & Partial<Pick<TenantSummary, "template">>;

type MigrateDialogProps = {
  opened: boolean;
  onClose: () => void;
  /** Who to migrate. */
  tenants: readonly Migrated[];
  /** Template or folder; the tenants' own template when absent, or what was used last. */
  source?: string;
};

/** Asks for source, version and care; shows the plan; starts the run. */
export function MigrateDialog(props: MigrateDialogProps) {
  // A dialog that is opened anew starts anew.
  return props.opened && props.tenants.length > 0 ? <Migrate {...props} /> : null;
}

function Migrate({ onClose, tenants, source: given }: MigrateDialogProps) {
  const { t } = useTranslation(["migrations", "common"]);
  const last = useMigrationSource();
  const { data: settings } = useQuery(settingsQueryOptions());
  const [own, setOwn] = useState<Partial<Omit<MigrateRequest, "tenants">>>({});
  // The tenants of the moment in which it was opened: a selection may change behind the dialog.
  const [schemas] = useState(() => tenants.map((tenant) => tenant.schema));
  const template = commonTemplate(tenants.map((tenant) => ({ template: tenant.template ?? null })));
  const source = own.source ?? given ?? template ?? last.source ?? "";
  const { data: status } = useQuery(migrationStatusQueryOptions(source));

  const request = useMemo<MigrateRequest>(
    () => ({
      source,
      tenants: schemas,
      direction: "up",
      to: null,
      jobs: settings?.jobs ?? null,
      continue_on_error: true,
      lock_timeout_ms: settings?.lock_timeout_ms ?? 5000,
      retries: null,
      canaries: 0,
      ask_after_canaries: true,
      ...own,
    }),
    [source, schemas, settings, own],
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
  const count = plan ? plan.tenants.filter((tenant) => tenant.skipped === null).length : schemas.length;
  const versions = plan?.tenants.flatMap((tenant) => tenant.steps.map((step) => Number.parseInt(step, 10)));
  const target = request.to ?? (versions?.length ? versions.reduce((a, b) => Math.max(a, b)) : null);

  return (
    <PlanDialog
      opened
      onClose={onClose}
      title={
        target === null
          ? t("migrations:dialog.title", { count })
          : t("migrations:dialog.titleTo", { count, version: target })
      }
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
      changes={plan && <MigrateChanges plan={plan} migrations={status?.migrations ?? []} />}
      action={t("migrations:dialog.action", { count })}
      onApply={(made) =>
        applying.mutate(made.id, {
          onSuccess: (run) => {
            void followRun(run).catch(() => {});
            onClose();
          },
        })
      }
      applying={applying.isPending}
      applyError={applying.error}
    />
  );
}
