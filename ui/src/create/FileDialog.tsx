import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ListedRequest, usePlanCreateListed } from "../api/life";
import { templatesQueryOptions } from "../api/migrations";
import { useApplyCreate } from "../api/tenants";
import { PlanDialog } from "../components/plan/PlanDialog";
import { changed } from "../life/DeactivateDialog";
import { followStarted } from "../runs/store";
import { FileForm } from "./FileForm";

/** Makes the tenants of a file: the form, then the plan with a verdict on each line, then the run. */
export function FileDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("life");
  const { data: templates = [] } = useQuery(templatesQueryOptions());
  const planning = usePlanCreateListed();
  const applying = useApplyCreate();
  const [request, setRequest] = useState<ListedRequest | null>(null);
  const makePlan = (wanted: ListedRequest) => {
    setRequest(wanted);
    applying.reset();
    planning.mutate(wanted);
  };
  const planned = request !== null && !planning.isIdle;
  return (
    <>
      <FileForm
        opened={!planned}
        templates={templates}
        busy={planning.isPending}
        onClose={onClose}
        onSubmit={makePlan}
      />
      {planned && (
        <PlanDialog
          opened
          onClose={onClose}
          title={t("create.planTitle", { file: request.path.split(/[/\\]/).at(-1) })}
          plan={planning.data}
          error={planning.error}
          onRetry={() => makePlan(request)}
          action={t("create.action", { count: changed(planning.data) ?? 0 })}
          onApply={(plan) =>
            applying.mutate(plan.id, {
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
              {t("back")}
            </Button>
          }
        />
      )}
    </>
  );
}
