import { Button } from "@mantine/core";
import { IconArchive } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/error";
import { quarantineQueryOptions } from "../api/quarantine";
import { EmptyState } from "../components/empty/EmptyState";
import { ErrorView } from "../components/error/ErrorView";
import { useFormat } from "../i18n/format";
import { openLifeStep } from "../tenants/life";
import { useRefusal } from "../tenants/useRefusal";
import classes from "./QuarantinePage.module.css";

type GoneTenantProps = { schema: string; error: ApiError | null; onRetry: () => void };

/** The page of a tenant that is not there: it may be in quarantine, which leads back to it. */
export function GoneTenant({ schema, error, onRetry }: GoneTenantProps) {
  const { t } = useTranslation(["quarantine", "tenant"]);
  const format = useFormat();
  const navigate = useNavigate();
  const refusal = useRefusal();
  const { data: list } = useQuery(quarantineQueryOptions());
  // Dropped more than once, the last one is meant.
  const tenant = list?.findLast((one) => one.was === schema);
  if (!tenant) {
    if (list === undefined || error === null) return null;
    return (
      <div className={classes.failure}>
        <ErrorView error={error} title={t("tenant:failed")} onRetry={onRetry} />
      </div>
    );
  }
  return (
    <EmptyState
      icon={<IconArchive size={36} stroke={1.3} />}
      title={t("quarantine:gone.title")}
      action={
        <div className={classes.buttons}>
          {refusal === null && !tenant.purge_begun && (
            <Button variant="filled" onClick={() => openLifeStep({ step: "undrop", tenant })}>
              {t("quarantine:action.undrop")}
            </Button>
          )}
          <Button onClick={() => void navigate({ to: "/tenants", search: { quarantine: true } })}>
            {t("quarantine:gone.show")}
          </Button>
        </div>
      }
    >
      {t("quarantine:gone.text", {
        when: tenant.quarantined_at ? format.dateTime(tenant.quarantined_at) : t("quarantine:unknown"),
        who: tenant.quarantined_by ?? t("quarantine:unknown"),
      })}
    </EmptyState>
  );
}
