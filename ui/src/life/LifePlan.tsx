import { Button } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/error";
import { useApplyLife } from "../api/life";
import type { Plan } from "../api/types";
import { PlanDialog } from "../components/plan/PlanDialog";
import { followStarted } from "../runs/store";

type LifePlanProps<Request> = {
  onClose: () => void;
  title: string;
  subtitle?: ReactNode;
  planning: UseMutationResult<Plan, ApiError, Request>;
  request: Request;
  options?: ReactNode;
  changes?: (plan: Plan) => ReactNode;
  action: string;
  destructive?: boolean;
  /** Goes back to the form that the plan was made from. */
  onBack?: () => void;
};

/** The plan of a step in a tenant's life: shown, applied, followed. */
export function LifePlan<Request>(props: LifePlanProps<Request>) {
  const { t } = useTranslation("life");
  const { planning, request, onBack } = props;
  const applying = useApplyLife();
  return (
    <PlanDialog
      opened
      onClose={props.onClose}
      title={props.title}
      subtitle={props.subtitle}
      options={props.options}
      plan={planning.data}
      error={planning.error}
      onRetry={() => {
        applying.reset();
        planning.mutate(request);
      }}
      changes={planning.data && props.changes?.(planning.data)}
      action={props.action}
      destructive={props.destructive}
      onApply={(plan) =>
        applying.mutate(plan.id, {
          onSuccess: (run) => {
            void followStarted(run).catch(() => {});
            props.onClose();
          },
        })
      }
      applying={applying.isPending}
      applyError={applying.error}
      back={
        onBack && (
          <Button variant="subtle" color="gray" onClick={onBack}>
            {t("back")}
          </Button>
        )
      }
    />
  );
}
