import { ActionIcon, Button, Menu, Tooltip } from "@mantine/core";
import {
  IconArchive,
  IconArrowBackUp,
  IconArrowsRightLeft,
  IconCopyPlus,
  IconDatabaseExport,
  IconDotsVertical,
  IconFileSpreadsheet,
  IconLock,
  IconLockOpen,
  IconPencil,
  IconSchema,
  IconStack2,
  IconTool,
  IconX,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TenantList, TenantSummary } from "../api/types";
import { ArchiveDialog } from "../backups/ArchiveDialog";
import { RelativeTime } from "../components/figures/RelativeTime";
import { ExportDialog } from "../export/ExportDialog";
import { useFormat } from "../i18n/format";
import { MaintainDialog } from "../maintain/MaintainDialog";
import { MigrateDialog } from "../migrations/MigrateDialog";
import { openLifeStep } from "./life";
import { RefusableItem } from "./RefusableItem";
import { selectTenants } from "./selection";
import classes from "./TenantsPage.module.css";
import { useRefusal } from "./useRefusal";

type TenantActionsProps = {
  list: TenantList;
  /** When the list was read, in milliseconds. */
  readAt: number;
  shown: number;
  /** The selected tenants, and how many of them the filters hide. */
  chosen: readonly TenantSummary[];
  hidden: number;
  measuring: boolean;
};

/** What can be done with the selection, and what was read. */
export function TenantActions({ list, readAt, shown, chosen, hidden, measuring }: TenantActionsProps) {
  const { t } = useTranslation(["tenants", "migrations", "common"]);
  const format = useFormat();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<"migrate" | "revert" | "export" | "archive" | "maintain" | null>(null);
  const close = () => setDialog(null);
  const [reference, other] = chosen;
  const single = chosen.length === 1 ? reference : undefined;
  const refusal = useRefusal();
  const cloneRefusal = useRefusal(true);
  return (
    <div className={classes.actions} data-chosen={chosen.length > 0 || undefined}>
      {chosen.length > 0 && (
        <>
          <b role="status" className={classes.selected}>
            {t("selected", { count: chosen.length })}
          </b>
          {hidden > 0 && <span className={classes.dim}>{t("hidden", { count: hidden })}</span>}
          <Tooltip label={refusal} disabled={refusal === null}>
            <Button
              leftSection={<IconStack2 size={15} />}
              data-disabled={refusal !== null || undefined}
              aria-disabled={refusal !== null || undefined}
              onClick={() => refusal === null && setDialog("migrate")}
            >
              {t("action.migrate")}
            </Button>
          </Tooltip>
          <Button
            leftSection={<IconArrowsRightLeft size={15} />}
            onClick={() => void navigate({ to: "/compare" })}
          >
            {t("action.compare")}
          </Button>
          <Button leftSection={<IconFileSpreadsheet size={15} />} onClick={() => setDialog("export")}>
            {t("action.export")}
          </Button>
          <Button leftSection={<IconDatabaseExport size={15} />} onClick={() => setDialog("archive")}>
            {t("action.archive")}
          </Button>
          <Menu position="top-start">
            <Menu.Target>
              <ActionIcon aria-label={t("common:action.more")}>
                <IconDotsVertical size={17} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {reference && other && chosen.length === 2 && (
                <Menu.Item
                  leftSection={<IconSchema size={15} />}
                  onClick={() =>
                    void navigate({
                      to: "/compare/structure",
                      search: { reference: reference.schema, tenant: other.schema },
                    })
                  }
                >
                  {t("action.structure")}
                </Menu.Item>
              )}
              <Menu.Item leftSection={<IconTool size={15} />} onClick={() => setDialog("maintain")}>
                {t("action.maintain")}
              </Menu.Item>
              <RefusableItem
                icon={<IconArrowBackUp size={15} />}
                label={t("migrations:revertSelected", { count: chosen.length })}
                refused={refusal}
                onClick={() => setDialog("revert")}
              />
              <RefusableItem
                icon={<IconCopyPlus size={15} />}
                label={t("action.clone")}
                refused={single ? cloneRefusal : t("action.onlyOne")}
                onClick={() => single && openLifeStep({ step: "clone", tenant: single })}
              />
              <RefusableItem
                icon={<IconPencil size={15} />}
                label={t("action.rename")}
                refused={single ? refusal : t("action.onlyOne")}
                onClick={() => single && openLifeStep({ step: "rename", tenant: single })}
              />
              <Menu.Divider />
              {(["deactivate", "activate"] as const).map((step) => {
                const meant = chosen.filter((one) => (one.state === "inactive") === (step === "activate"));
                const [tenant] = meant;
                if (!tenant) return null;
                const Icon = step === "activate" ? IconLockOpen : IconLock;
                return (
                  <RefusableItem
                    key={step}
                    icon={<Icon size={15} />}
                    label={t(`action.${step}`)}
                    refused={refusal}
                    onClick={() => openLifeStep({ step, tenant, tenants: meant })}
                  />
                );
              })}
              <RefusableItem
                danger
                icon={<IconArchive size={15} />}
                label={t("action.drop")}
                refused={single ? refusal : t("action.onlyOne")}
                onClick={() => single && openLifeStep({ step: "drop", tenant: single })}
              />
            </Menu.Dropdown>
          </Menu>
          <Tooltip label={t("action.clear")}>
            <ActionIcon aria-label={t("action.clear")} onClick={() => selectTenants(new Set())}>
              <IconX size={16} />
            </ActionIcon>
          </Tooltip>
        </>
      )}
      <span className={classes.space} />
      <span className={classes.reading}>
        {shown !== list.tenants.length && `${t("shown", { shown, total: list.tenants.length })} · `}
        <RelativeTime value={new Date(readAt).toISOString()} />
        {" · "}
        {measuring ? t("measuring") : t("read", { duration: format.duration(list.duration_ms) })}
      </span>
      <MigrateDialog opened={dialog === "migrate"} onClose={close} tenants={chosen} />
      <MigrateDialog opened={dialog === "revert"} direction="down" onClose={close} tenants={chosen} />
      <ExportDialog opened={dialog === "export"} onClose={close} tenants={chosen} />
      {dialog === "archive" && chosen.length > 0 && <ArchiveDialog onClose={close} tenants={chosen} />}
      {dialog === "maintain" && chosen.length > 0 && <MaintainDialog onClose={close} tenants={chosen} />}
    </div>
  );
}
