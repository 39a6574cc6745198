import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { clientQueryOptions } from "../api/archives";
import { useApplyDrop, usePlanDrop } from "../api/quarantine";
import { settingsQueryOptions, useChangeSettings } from "../api/settings";
import type { DropRequest } from "../api/types";
import { PlanDialog } from "../components/plan/PlanDialog";
import { followStarted } from "../runs/store";
import type { Named } from "../tenants/life";
import { DropChanges } from "./DropChanges";
import { DropOptions } from "./DropOptions";

type DropDialogProps = { tenant: Named; onClose: () => void };

/** Puts a tenant into quarantine: what is lost, where its backup goes, who would notice; then the run. */
export function DropDialog({ tenant, onClose }: DropDialogProps) {
  const { t, i18n } = useTranslation("quarantine");
  const { data: settings } = useQuery(settingsQueryOptions());
  const { mutate: changeSettings } = useChangeSettings();
  const planning = usePlanDrop();
  const applying = useApplyDrop();
  const [own, setOwn] = useState<Partial<Pick<DropRequest, "backup_dir" | "language" | "archive">>>({});
  const client = useQuery(clientQueryOptions());
  const kept = settings?.backup_folder;
  // Asked for without a client, too: the plan says then why there is none.
  const sought = client.status;
  const request = useMemo<DropRequest | null>(
    () =>
      kept === undefined || sought === "pending"
        ? null
        : { tenant: tenant.schema, backup_dir: kept, archive: true, language: i18n.language, ...own },
    [tenant.schema, kept, sought, i18n.language, own],
  );
  const { mutate: makePlan } = planning;
  useEffect(() => {
    if (request) makePlan(request);
  }, [request, makePlan]);

  // A plan of other options than those shown is none.
  const current = planning.variables === request;
  const plan = current ? planning.data : undefined;
  return (
    <PlanDialog
      opened
      onClose={onClose}
      title={t("drop.title", { name: tenant.name })}
      subtitle={t("drop.subtitle")}
      options={
        request && (
          <DropOptions
            folder={request.backup_dir ?? null}
            planned={planning.data?.backup_folder}
            language={request.language}
            archive={sought === "success" && request.archive}
            archivable={sought === "success"}
            onChange={(change) => setOwn((before) => ({ ...before, ...change }))}
          />
        )
      }
      plan={plan}
      error={current ? planning.error : null}
      onRetry={() => {
        applying.reset();
        if (request) makePlan(request);
      }}
      changes={plan && <DropChanges plan={plan} />}
      action={t("drop.action")}
      destructive
      confirm={plan?.tenants[0]?.schema ?? tenant.schema}
      onApply={(made) =>
        applying.mutate(made.id, {
          onSuccess: (run) => {
            if (own.backup_dir !== undefined) changeSettings({ backup_folder: own.backup_dir });
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
