import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/error";
import { templatesQueryOptions } from "../api/migrations";
import { useApplyCreate, usePlanCreate } from "../api/tenants";
import type { CreateRequest, Plan } from "../api/types";
import { showNotice } from "../components/notice/notice";
import { PlanDialog } from "../components/plan/PlanDialog";
import { noteRun } from "../runs/memory";
import { followRun, runEnd } from "../runs/store";
import { templateTitle } from "../tenants/columns";
import { CreateChanges } from "./CreateChanges";
import { CreateForm } from "./CreateForm";
import { FileDialog } from "./FileDialog";

/** Refusals that the form can mend: the plan was not made because of a name. */
const aboutNames =
  /^(schema_name_|name_empty|identifier_invalid|domain_taken|registry_value_|registry_field_|role_)/;

/** Makes a new tenant: the form, then the plan, then the run; at the end the tenant's page. */
export function CreateDialog({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation(["create", "common"]);
  const navigate = useNavigate();
  const { data: templates = [] } = useQuery(templatesQueryOptions());
  const planning = usePlanCreate();
  const applying = useApplyCreate();
  const [request, setRequest] = useState<CreateRequest | null>(null);
  const [fromFile, setFromFile] = useState(false);
  const [running, setRunning] = useState(false);
  const [failed, setFailed] = useState<ApiError | null>(null);

  const makePlan = (wanted: CreateRequest) => {
    setRequest(wanted);
    setFailed(null);
    applying.reset();
    planning.mutate(wanted);
  };
  const apply = (plan: Plan) => {
    setFailed(null);
    applying.mutate(plan.id, {
      onSuccess: async (run) => {
        setRunning(true);
        // Whoever waits here hears of the tenant by its name; that a run of one has ended would say the same again.
        noteRun("announced", run);
        await followRun(run);
        const { tenants } = await runEnd(run);
        setRunning(false);
        const [tenant] = tenants;
        if (tenant?.outcome !== "done") {
          if (tenant?.error) setFailed(new ApiError(tenant.error));
          return;
        }
        const name = request?.name ?? tenant.schema;
        showNotice({ message: (say) => say("create:done", { name }), tone: "ok" });
        await navigate({ to: "/tenants/$schema", params: { schema: tenant.schema } });
      },
    });
  };

  if (fromFile) return <FileDialog onClose={onClose} />;
  const refusal = planning.error && aboutNames.test(planning.error.code) ? planning.error : null;
  const planned =
    request !== null && !refusal && (planning.isPending || planning.isError || planning.isSuccess);
  const plan = planning.data;
  const schema = plan?.tenants[0]?.schema ?? request?.schema ?? "";
  return (
    <>
      <CreateForm
        opened={!planned}
        templates={templates}
        refusal={refusal}
        busy={planning.isPending}
        onClose={onClose}
        onFile={() => setFromFile(true)}
        onSubmit={makePlan}
      />
      {planned && (
        <PlanDialog
          opened
          onClose={onClose}
          title={t("plan.title", { name: request.name })}
          subtitle={t("plan.subtitle", { schema })}
          plan={plan}
          error={planning.error}
          onRetry={() => makePlan(request)}
          changes={
            plan && (
              <CreateChanges
                plan={plan}
                request={request}
                template={request.template && templateTitle(templates, request.template, i18n.language)}
              />
            )
          }
          action={t("plan.action")}
          onApply={apply}
          applying={applying.isPending || running}
          applyError={applying.error ?? failed}
          back={
            <Button variant="subtle" color="gray" disabled={running} onClick={() => planning.reset()}>
              {t("plan.back")}
            </Button>
          }
        />
      )}
    </>
  );
}
