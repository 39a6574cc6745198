import { ActionIcon, Button, Menu, Tooltip } from "@mantine/core";
import {
  IconArchive,
  IconArrowsRightLeft,
  IconCheck,
  IconChevronDown,
  IconCopy,
  IconCopyPlus,
  IconDatabaseExport,
  IconDotsVertical,
  IconFileSpreadsheet,
  IconLock,
  IconLockOpen,
  IconPencil,
  IconStack2,
  IconTool,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { connectionQueryOptions } from "../api/connection";
import type { TenantDetail } from "../api/types";
import { ArchiveDialog } from "../backups/ArchiveDialog";
import { ExportDialog } from "../export/ExportDialog";
import { MaintainDialog } from "../maintain/MaintainDialog";
import { MigrateDialog } from "../migrations/MigrateDialog";
import { copyText } from "../platform/clipboard";
import { openLifeStep } from "../tenants/life";
import { RefusableItem } from "../tenants/RefusableItem";
import { selectTenants } from "../tenants/selection";
import { useRefusal } from "../tenants/useRefusal";

/** What can be done with one tenant. */
export function TenantHeaderActions({ tenant }: { tenant: TenantDetail }) {
  const { t } = useTranslation(["tenant", "common"]);
  const navigate = useNavigate();
  const { data: connection } = useQuery(connectionQueryOptions());
  const [dialog, setDialog] = useState<"migrate" | "export" | "archive" | "maintain" | null>(null);
  const [copied, setCopied] = useState(false);
  const readOnly = connection?.server.read_only ?? true;
  const refusal = useRefusal();
  const cloneRefusal = useRefusal(true);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const label = t(copied ? "common:action.copied" : "tenant:action.copySchema");
  return (
    <>
      <Tooltip label={label}>
        <ActionIcon
          aria-label={label}
          onClick={() => void copyText(tenant.schema).then(() => setCopied(true))}
        >
          {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
        </ActionIcon>
      </Tooltip>
      {(tenant.pending ?? 0) > 0 && !readOnly && (
        <Button leftSection={<IconStack2 size={15} />} onClick={() => setDialog("migrate")}>
          {t("tenant:action.migrate")}
        </Button>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            leftSection={<IconArrowsRightLeft size={15} />}
            rightSection={<IconChevronDown size={14} />}
          >
            {t("tenant:action.compare")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            onClick={() => {
              selectTenants(new Set([tenant.schema]));
              void navigate({ to: "/compare" });
            }}
          >
            {t("tenant:action.compareData")}
          </Menu.Item>
          <Menu.Item
            onClick={() => void navigate({ to: "/compare/structure", search: { tenant: tenant.schema } })}
          >
            {t("tenant:action.compareStructure")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button leftSection={<IconFileSpreadsheet size={15} />} onClick={() => setDialog("export")}>
        {t("tenant:action.export")}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={t("common:action.more")}>
            <IconDotsVertical size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconDatabaseExport size={15} />} onClick={() => setDialog("archive")}>
            {t("tenant:action.archive")}
          </Menu.Item>
          <Menu.Item leftSection={<IconTool size={15} />} onClick={() => setDialog("maintain")}>
            {t("tenant:action.maintain")}
          </Menu.Item>
          <RefusableItem
            icon={<IconCopyPlus size={15} />}
            label={t("tenant:action.clone")}
            refused={cloneRefusal}
            onClick={() => openLifeStep({ step: "clone", tenant })}
          />
          <RefusableItem
            icon={<IconPencil size={15} />}
            label={t("tenant:action.rename")}
            refused={refusal}
            onClick={() => openLifeStep({ step: "rename", tenant })}
          />
          <Menu.Divider />
          <RefusableItem
            icon={tenant.state === "inactive" ? <IconLockOpen size={15} /> : <IconLock size={15} />}
            label={t(tenant.state === "inactive" ? "tenant:action.activate" : "tenant:action.deactivate")}
            refused={refusal}
            onClick={() =>
              openLifeStep({
                step: tenant.state === "inactive" ? "activate" : "deactivate",
                tenant,
                tenants: [tenant],
              })
            }
          />
          <RefusableItem
            danger
            icon={<IconArchive size={15} />}
            label={t("tenant:action.drop")}
            refused={refusal}
            onClick={() => openLifeStep({ step: "drop", tenant })}
          />
        </Menu.Dropdown>
      </Menu>
      <MigrateDialog
        opened={dialog === "migrate"}
        onClose={() => setDialog(null)}
        tenants={[summary(tenant)]}
      />
      <ExportDialog
        opened={dialog === "export"}
        onClose={() => setDialog(null)}
        tenants={[summary(tenant)]}
      />
      {dialog === "maintain" && <MaintainDialog onClose={() => setDialog(null)} tenants={[tenant]} />}
      {dialog === "archive" && <ArchiveDialog onClose={() => setDialog(null)} tenants={[summary(tenant)]} />}
    </>
  );
}

/** A tenant's line of the list, from its page: there `tables` is a number. */
const summary = (tenant: TenantDetail) => ({ ...tenant, tables: tenant.tables.length });
