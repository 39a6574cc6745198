import { Button } from "@mantine/core";
import { IconTool } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { tenantListQueryOptions } from "../../api/tenants";
import type { TableStorage } from "../../api/types";
import { CopyButton } from "../../components/copy/CopyButton";
import { MaintainDialog } from "../../maintain/MaintainDialog";
import classes from "./Watch.module.css";

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** What can be done with the selected tables. */
export function TableActions({ tables }: { tables: readonly TableStorage[] }) {
  const { t } = useTranslation(["watch", "tenants"]);
  const { data: list } = useQuery(tenantListQueryOptions());
  const [maintaining, setMaintaining] = useState(false);
  if (tables.length === 0) return null;
  const names = () => tables.map((table) => `${quoted(table.schema)}.${quoted(table.name)}`).join("\n");
  const own = tables.filter((table) => table.in_tenant);
  const schemas = new Set(own.map((table) => table.schema));
  const tenants = list?.tenants.filter((tenant) => schemas.has(tenant.schema)) ?? [];
  return (
    <div className={classes.selection}>
      <b role="status">{t("watch:end.selected", { count: tables.length })}</b>
      {tenants.length > 0 && (
        <Button leftSection={<IconTool size={15} />} onClick={() => setMaintaining(true)}>
          {t("tenants:action.maintain")}
        </Button>
      )}
      <CopyButton text={names} label={t("watch:storage.copyNames")} />
      {maintaining && (
        <MaintainDialog
          tenants={tenants}
          tables={[...new Set(own.map((table) => table.name))]}
          onClose={() => setMaintaining(false)}
        />
      )}
    </div>
  );
}
