import { Button, Checkbox, Group, Modal, MultiSelect, SegmentedControl } from "@mantine/core";
import { IconArchive, IconShieldCheck, IconShieldOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApplyArchives, usePlanArchives } from "../api/archives";
import { connectionQueryOptions } from "../api/connection";
import { settingsQueryOptions, useChangeSettings } from "../api/settings";
import { tenantListQueryOptions } from "../api/tenants";
import type { BackupRequest, Plan } from "../api/types";
import { ErrorView } from "../components/error/ErrorView";
import { PlanDialog } from "../components/plan/PlanDialog";
import { FolderField } from "../export/FolderField";
import { useFormat } from "../i18n/format";
import { followRun } from "../runs/store";
import { Changes } from "./Changes";
import classes from "./Dialogs.module.css";
import { restoreRefusal } from "./refusal";

type ArchiveDialogProps = {
  /** Schemas that are selected when the dialog opens. */
  selected: ReadonlySet<string>;
  onClose: () => void;
};

type Wanted = { request: BackupRequest; tenants: string[] };

/** Writes archives of tenants: which, where to, the plan with the exact commands, the run. */
export function ArchiveDialog({ selected, onClose }: ArchiveDialogProps) {
  const { t } = useTranslation(["backups", "create"]);
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
      <ArchiveForm opened={!planned} selected={selected} onClose={onClose} onSubmit={makePlan} />
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
  selected: ReadonlySet<string>;
  onClose: () => void;
  onSubmit: (wanted: Wanted) => void;
};

function ArchiveForm({ opened, selected, onClose, onSubmit }: ArchiveFormProps) {
  const { t } = useTranslation(["backups", "common", "create"]);
  const format = useFormat();
  const id = useId();
  const { data: settings } = useQuery(settingsQueryOptions());
  const { data: connection } = useQuery(connectionQueryOptions());
  const { data: list, error } = useQuery(tenantListQueryOptions());
  const [chosen, setChosen] = useState<string[]>([...selected]);
  const [all, setAll] = useState(selected.size === 0);
  const [ownFolder, setFolder] = useState<string | null>(null);
  const refusal = restoreRefusal(connection ?? null);
  const [verify, setVerify] = useState(true);
  const tenants = list?.tenants.filter((tenant) => tenant.state !== "quarantined") ?? [];
  const schemas = all ? tenants.map((tenant) => tenant.schema) : chosen;
  const folder = ownFolder ?? settings?.backup_folder ?? null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (folder === null || schemas.length === 0) return;
    onSubmit({ request: { folder, verify: verify && refusal === null }, tenants: schemas });
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
        {error && <ErrorView error={error} plain />}
        <div>
          <div id={id} className={classes.label}>
            {t("backups:archive.tenants")}
          </div>
          <SegmentedControl
            aria-labelledby={id}
            value={all ? "all" : "some"}
            onChange={(value) => setAll(value === "all")}
            data={[
              {
                value: "all",
                label: t("backups:archive.all", {
                  count: tenants.length,
                  total: format.number(tenants.length),
                }),
              },
              { value: "some", label: t("backups:archive.some") },
            ]}
          />
          {!all && (
            <MultiSelect
              mt={8}
              aria-label={t("backups:archive.tenants")}
              placeholder={chosen.length === 0 ? t("backups:archive.chooseTenants") : undefined}
              searchable
              clearable
              limit={50}
              value={chosen}
              onChange={setChosen}
              nothingFoundMessage={t("common:search.nothing")}
              clearButtonProps={{ "aria-label": t("common:action.clear") }}
              data={tenants.map(({ schema, name }) => ({ value: schema, label: name }))}
              classNames={{ pillsList: classes.pills }}
            />
          )}
        </div>
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
        <Group justify="flex-end" gap={8}>
          <Button size="sm" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button size="sm" type="submit" variant="filled" disabled={folder === null || schemas.length === 0}>
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
