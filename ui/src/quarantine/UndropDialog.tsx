import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowBackUp, IconFileSpreadsheet, IconKey } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApplyUndrop, usePlanUndrop } from "../api/quarantine";
import type { Quarantined, UndropPlan } from "../api/types";
import { ChangeList } from "../components/plan/ChangeList";
import { PlanDialog } from "../components/plan/PlanDialog";
import { followStarted } from "../runs/store";
import classes from "./Quarantine.module.css";

type UndropDialogProps = { tenant: Quarantined; onClose: () => void };

/** Brings a tenant back from quarantine, under its name or another one. */
export function UndropDialog({ tenant, onClose }: UndropDialogProps) {
  const { t } = useTranslation("quarantine");
  const planning = usePlanUndrop();
  const applying = useApplyUndrop();
  const [name, setName] = useState(tenant.was ?? "");
  const [settled] = useDebouncedValue(name.trim(), 300);
  const { mutate } = planning;
  const under = settled === "" || settled === tenant.was ? null : settled;
  useEffect(() => mutate({ tenant: tenant.schema, under }), [mutate, tenant.schema, under]);

  const current = settled === name.trim() && planning.variables?.under === under;
  const plan = current ? planning.data : undefined;
  return (
    <PlanDialog
      opened
      onClose={onClose}
      title={t("undrop.title", { name: tenant.name })}
      subtitle={t("undrop.subtitle")}
      options={
        <TextInput
          label={t("undrop.schema")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          className={classes.schemaField}
          styles={{ input: { fontFamily: "var(--font-code)", fontSize: 12.5 } }}
        />
      }
      plan={plan}
      error={current ? planning.error : null}
      onRetry={() => {
        applying.reset();
        mutate({ tenant: tenant.schema, under });
      }}
      changes={plan && <UndropChanges plan={plan} backup={tenant.backup} />}
      action={t("undrop.action")}
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

function UndropChanges({ plan, backup }: { plan: UndropPlan; backup: string | null }) {
  const { t } = useTranslation("quarantine");
  return (
    <ChangeList
      changes={[
        { icon: IconArrowBackUp, text: t("undrop.renamed"), code: plan.schema },
        { icon: IconKey, text: t("undrop.rights") },
        ...(backup === null ? [] : [{ icon: IconFileSpreadsheet, text: t("undrop.backup"), code: backup }]),
      ]}
      note={t("undrop.rows")}
    />
  );
}
