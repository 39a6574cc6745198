import { Button, Group, Modal, TextInput } from "@mantine/core";
import { IconArrowBackUp, IconListCheck, IconListNumbers, IconSchema, IconTag } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Return, useApplyReturn, usePlanReturn } from "../api/archives";
import { type ApiError, isCode } from "../api/error";
import { tenantListQueryOptions } from "../api/tenants";
import type { Archive, Plan } from "../api/types";
import { planRead, useCancelRead } from "../api/workbooks";
import { errorText } from "../components/error/errorText";
import { PlanDialog } from "../components/plan/PlanDialog";
import { Changes } from "./Changes";
import classes from "./Dialogs.module.css";
import { useShowRun } from "./useShowRun";

/** Refusals that the form can mend: the plan was not made because of a name. */
const aboutNames = /^(schema_name_|name_empty|identifier_invalid)/;

type ReturnDialogProps = { archive: Archive; way: "verify" | "restore"; onClose: () => void };

/** Tries an archive out, or brings its tenant back: the name, the plan, the run, whose page has the report. */
export function ReturnDialog({ archive, way, onClose }: ReturnDialogProps) {
  const { t } = useTranslation(["backups", "create"]);
  const planning = usePlanReturn();
  const applying = useApplyReturn();
  const cancel = useCancelRead();
  const showRun = useShowRun();
  const [wanted, setWanted] = useState<Return | null>(null);

  const makePlan = (next: Return) => {
    setWanted(next);
    applying.reset();
    planning.mutate(next);
  };
  // Trying it out needs no word more.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the dialog opens
  useEffect(() => {
    if (way === "verify") makePlan({ path: archive.path, way: "verify" });
  }, []);
  const close = () => {
    if (planning.isPending && way === "restore") cancel.mutate(planRead);
    onClose();
  };
  const refusal = planning.error && aboutNames.test(planning.error.code) ? planning.error : null;
  const planned =
    wanted !== null && !refusal && (planning.isPending || planning.isError || planning.isSuccess);
  const plan = planning.data;
  const failed = planning.error && !isCode(planning.error, "cancelled") ? planning.error : null;
  const name = plan?.tenants[0]?.name ?? (wanted?.way === "restore" ? wanted.name : null) ?? archive.name;
  return (
    <>
      {way === "restore" && (
        <NameForm
          opened={!planned}
          archive={archive}
          refusal={refusal}
          busy={planning.isPending}
          onClose={close}
          onSubmit={(own) => makePlan({ path: archive.path, way: "restore", name: own })}
        />
      )}
      {planned && (
        <PlanDialog
          opened
          onClose={close}
          title={t(way === "verify" ? "backups:return.verifyTitle" : "backups:return.restoreTitle", { name })}
          subtitle={<code>{archive.id}</code>}
          plan={plan}
          error={failed}
          onRetry={() => makePlan(wanted)}
          changes={plan && <ReturnChanges plan={plan} archive={archive} way={way} />}
          action={t(way === "verify" ? "backups:return.verifyAction" : "backups:restore.action")}
          onApply={(made) =>
            applying.mutate(made.id, {
              onSuccess: (run) => {
                onClose();
                showRun(run);
              },
            })
          }
          applying={applying.isPending}
          applyError={applying.error}
          back={
            way === "restore" && (
              <Button
                variant="subtle"
                color="gray"
                disabled={applying.isPending}
                onClick={() => {
                  if (planning.isPending) cancel.mutate(planRead);
                  planning.reset();
                }}
              >
                {t("create:plan.back")}
              </Button>
            )
          }
        />
      )}
    </>
  );
}

type NameFormProps = {
  opened: boolean;
  archive: Archive;
  refusal: ApiError | null;
  busy: boolean;
  onClose: () => void;
  /** `null` for the tenant's own name and schema. */
  onSubmit: (name: string | null) => void;
};

/** Asks under which name the tenant comes back. */
function NameForm({ opened, archive, refusal, busy, onClose, onSubmit }: NameFormProps) {
  const { t } = useTranslation(["backups", "common", "create"]);
  const { data: list } = useQuery(tenantListQueryOptions());
  const schema = archive.tenants[0] ?? "";
  const taken = list?.tenants.some((tenant) => tenant.schema === schema) ?? false;
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? (taken ? t("backups:restore.copy", { name: archive.name }) : archive.name);
  const text = refusal && errorText(refusal.wire);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted !== "") onSubmit(wanted === archive.name ? null : wanted);
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("backups:return.title")}
      size={520}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          label={t("backups:restore.name")}
          description={t(taken ? "backups:restore.nameTaken" : "backups:restore.nameHint", { schema })}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={name}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={text && `${text.title} ${text.hint ?? ""}`}
          autoComplete="off"
          data-autofocus
        />
        <Group justify="flex-end" gap={8}>
          <Button size="sm" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button size="sm" type="submit" variant="filled" loading={busy} disabled={name.trim() === ""}>
            {t("create:next")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

function ReturnChanges({ plan, archive, way }: { plan: Plan; archive: Archive; way: "verify" | "restore" }) {
  const { t } = useTranslation(["backups", "create"]);
  const [tenant] = plan.tenants;
  if (!tenant) return null;
  if (way === "verify") {
    return (
      <Changes
        changes={[
          { icon: IconListNumbers, text: t("backups:return.change.try", { count: archive.rows }) },
          { icon: IconListCheck, text: t("backups:return.change.compare") },
          { icon: IconArrowBackUp, text: t("backups:return.change.rollBack") },
        ]}
        rest={t("backups:return.change.nothing")}
      />
    );
  }
  return (
    <Changes
      changes={[
        { icon: IconSchema, text: t("create:plan.schema"), code: tenant.schema },
        { icon: IconTag, text: t("backups:restore.change.name"), code: tenant.name },
        { icon: IconListNumbers, text: t("backups:return.change.rows", { count: archive.rows }) },
      ]}
      rest={t("backups:restore.change.proof")}
    />
  );
}
