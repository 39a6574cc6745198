import { Button, Checkbox, Group, Modal } from "@mantine/core";
import { IconArchive, IconShieldCheck, IconShieldOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { clientQueryOptions, useApplyArchives, usePlanArchives } from "../api/archives";
import { connectionQueryOptions } from "../api/connection";
import { settingsQueryOptions, useChangeSettings } from "../api/settings";
import type { BackupRequest, Plan, TenantSummary } from "../api/types";
import { ErrorView } from "../components/error/ErrorView";
import { PlanDialog } from "../components/plan/PlanDialog";
import { FolderField } from "../export/FolderField";
import { useFormat } from "../i18n/format";
import { followRun } from "../runs/store";
import { Changes } from "./Changes";
import classes from "./Dialogs.module.css";
import { restoreRefusal } from "./refusal";
import { TenantChoice } from "./TenantChoice";

type ArchiveDialogProps = {
  /** These and no others; a choice where it is absent. */
  tenants?: readonly Pick<TenantSummary, "schema" | "name" | "rows">[];
  onClose: () => void;
};

type Wanted = { request: BackupRequest; tenants: string[] };

/** Writes archives of tenants: which, where to, the plan with the exact commands, the run. */
export function ArchiveDialog({ tenants: given, onClose }: ArchiveDialogProps) {
  const { t } = useTranslation(["backups", "create"]);
  // The tenants of the moment in which it was opened: a selection may change behind the dialog.
  const [tenants] = useState(given);
  const { data: settings } = useQuery(settingsQueryOptions());
  const { mutate: change } = useChangeSettings();
  const planning = usePlanArchives();
  const applying = useApplyArchives();
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const makePlan = (next: Wanted) => {
    setWanted(next);
    applying.reset();
    planning.mutate(next);
  };
  const planned = wanted !== null && !planning.isIdle;
  const plan = planning.data;
  const count = wanted?.tenants.length ?? 0;
  return (
    <>
      <ArchiveForm opened={!planned} given={tenants} onClose={onClose} onSubmit={makePlan} />
      {planned && (
        <PlanDialog
          opened
          onClose={onClose}
          title={t("backups:archive.planTitle", { count })}
          subtitle={<code>{wanted.request.folder}</code>}
          plan={plan}
          error={planning.error}
          onRetry={() => makePlan(wanted)}
          changes={plan && <ArchiveChanges plan={plan} verify={wanted.request.verify} />}
          action={t("backups:archive.action", { count })}
          onApply={(made) =>
            applying.mutate(made.id, {
              onSuccess: (run) => {
                const { folder } = wanted.request;
                if (folder !== settings?.backup_folder) change({ backup_folder: folder });
                void followRun(run).catch(() => {});
                onClose();
              },
            })
          }
          applying={applying.isPending}
          applyError={applying.error}
          back={
            <Button
              variant="subtle"
              color="gray"
              disabled={applying.isPending}
              onClick={() => planning.reset()}
            >
              {t("create:plan.back")}
            </Button>
          }
        />
      )}
    </>
  );
}

type ArchiveFormProps = {
  opened: boolean;
  given: ArchiveDialogProps["tenants"];
  onClose: () => void;
  onSubmit: (wanted: Wanted) => void;
};

function ArchiveForm({ opened, given, onClose, onSubmit }: ArchiveFormProps) {
  const { t } = useTranslation(["backups", "common", "create", "export"]);
  const format = useFormat();
  const { data: settings } = useQuery(settingsQueryOptions());
  const { data: connection } = useQuery(connectionQueryOptions());
  const { error: missing } = useQuery(clientQueryOptions());
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [ownFolder, setFolder] = useState<string | null>(null);
  const refusal = restoreRefusal(connection ?? null);
  const [verify, setVerify] = useState(true);
  const schemas = given?.map((tenant) => tenant.schema) ?? chosen;
  const folder = ownFolder ?? settings?.backup_folder ?? null;
  const [only] = given ?? [];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (folder === null || schemas.length === 0) return;
    onSubmit({ request: { folder, verify: verify && refusal === null }, tenants: [...schemas] });
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("backups:archive.title")}
      size={560}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      <form className={classes.form} onSubmit={submit}>
        {given ? (
          <p className={classes.what}>
            <b>
              {only && given.length === 1 ? (
                <bdi>{only.name}</bdi>
              ) : (
                t("export:tenants", { count: given.length })
              )}
            </b>
            <span className={classes.dim}>
              {t("backups:archive.about", {
                count: given.length,
                rows: format.number(given.reduce((sum, tenant) => sum + tenant.rows, 0)),
              })}
            </span>
          </p>
        ) : (
          <TenantChoice chosen={chosen} onChange={setChosen} />
        )}
        <FolderField
          value={folder}
          onChange={setFolder}
          hint={t("backups:archive.folderHint")}
          pickTitle={t("backups:archive.pick")}
        />
        <Checkbox
          checked={verify && refusal === null}
          disabled={refusal !== null}
          onChange={(event) => setVerify(event.currentTarget.checked)}
          label={t("backups:archive.verify")}
          description={
            refusal === null
              ? t("backups:archive.verifyHint")
              : t(`backups:return.refused.${refusal}`, {
                  role: connection?.server.role,
                  database: connection?.server.database,
                })
          }
        />
        {missing && <ErrorView error={missing} plain />}
        <Group justify="flex-end" gap={8}>
          <Button size="sm" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button
            size="sm"
            type="submit"
            variant="filled"
            disabled={folder === null || schemas.length === 0 || missing !== null}
          >
            {t("create:next")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

const shown = 8;

/** Which files a backup writes, in words. */
function ArchiveChanges({ plan, verify }: { plan: Plan; verify: boolean }) {
  const { t } = useTranslation(["backups", "plan"]);
  const files = plan.tenants.flatMap((tenant) => tenant.steps);
  return (
    <Changes
      changes={[
        ...files
          .slice(0, shown)
          .map((file, index) => ({ icon: IconArchive, text: plan.tenants[index]?.name ?? file, code: file })),
        ...(files.length > shown
          ? [{ icon: IconArchive, text: t("plan:andMore", { count: files.length - shown }) }]
          : []),
        verify
          ? { icon: IconShieldCheck, text: t("backups:archive.change.verified") }
          : { icon: IconShieldOff, text: t("backups:archive.change.notVerified") },
      ]}
      rest={t("backups:archive.change.nothing")}
    />
  );
}
