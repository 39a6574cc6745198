import { Select } from "@mantine/core";
import { IconFileSpreadsheet, IconTrash } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApplyPurge, usePlanPurge } from "../api/quarantine";
import type { PurgePlan, Quarantined } from "../api/types";
import { ChangeList } from "../components/plan/ChangeList";
import { PlanDialog } from "../components/plan/PlanDialog";
import { useFormat } from "../i18n/format";
import { followStarted } from "../runs/store";
import { LostFigures } from "./LostFigures";
import classes from "./Quarantine.module.css";

const day = 24 * 60 * 60;
/** Days that a tenant must have been in quarantine; the first is what core holds to be usual. */
const graces = [30, 7, 1, 0] as const;

type PurgeDialogProps = { tenant: Quarantined; onClose: () => void };

/** Removes a tenant from quarantine for good. Without its backup it is refused; there is no way around that here. */
export function PurgeDialog({ tenant, onClose }: PurgeDialogProps) {
  const { t } = useTranslation("quarantine");
  const planning = usePlanPurge();
  const applying = useApplyPurge();
  const [grace, setGrace] = useState<number>(graces[0]);
  const { mutate } = planning;
  const makePlan = useCallback(
    () => mutate({ tenant: tenant.schema, older_than: grace * day, without_backup: false }),
    [mutate, tenant.schema, grace],
  );
  useEffect(makePlan, [makePlan]);

  const current = planning.variables?.older_than === grace * day;
  const plan = current ? planning.data : undefined;
  return (
    <PlanDialog
      opened
      onClose={onClose}
      title={t("purge.title", { name: tenant.name })}
      subtitle={t("purge.subtitle")}
      options={
        <Select
          label={t("purge.grace")}
          allowDeselect={false}
          value={String(grace)}
          onChange={(value) => setGrace(Number(value))}
          data={graces.map((days) => ({
            value: String(days),
            label: days === 0 ? t("purge.noGrace") : t("purge.days", { count: days }),
          }))}
          className={classes.graceField}
        />
      }
      plan={plan}
      error={current ? planning.error : null}
      onRetry={() => {
        applying.reset();
        makePlan();
      }}
      changes={plan && <PurgeChanges plan={plan} tenant={tenant} />}
      action={t("purge.action")}
      destructive
      confirm={tenant.was ?? tenant.schema}
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

function PurgeChanges({ plan, tenant }: { plan: PurgePlan; tenant: Quarantined }) {
  const { t } = useTranslation("quarantine");
  const format = useFormat();
  return (
    <>
      <section className={classes.losses} data-gone>
        <p className={classes.total}>{t("purge.loses")}</p>
        <LostFigures
          tables={tenant.tables}
          rows={tenant.rows}
          counted={!tenant.rows_estimated}
          size={tenant.size_bytes}
        />
      </section>
      <ChangeList
        changes={[
          {
            icon: IconTrash,
            text: t("purge.removed", {
              count: plan.batches,
              batches: format.number(plan.batches),
              objects: format.number(plan.objects),
            }),
            code: plan.quarantined_as,
          },
          { icon: IconFileSpreadsheet, text: t("purge.backup"), code: plan.backup },
        ]}
        note={t("purge.noWayBack")}
      />
    </>
  );
}
