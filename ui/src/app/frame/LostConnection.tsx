import { Button } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { connectionQueryOptions } from "../../api/connection";
import { type ApiError, isServerAway } from "../../api/error";
import { tenantListQueryOptions } from "../../api/tenants";
import { useErrorText } from "../../components/error/errorText";
import { RelativeTime } from "../../components/figures/RelativeTime";
import classes from "./LostConnection.module.css";

/** Above what was read before the server went away: that it is away, how old the figures are, and the way back. */
export function LostConnection() {
  const client = useQueryClient();
  const { data: connection = null } = useQuery(connectionQueryOptions());
  const list = useQuery({ ...tenantListQueryOptions(), enabled: connection !== null });
  const again = async () => {
    const { isSuccess } = await list.refetch();
    // What else had failed is read again where it is looked at.
    if (isSuccess) await client.invalidateQueries({ predicate: (query) => query.state.status === "error" });
  };
  // Without figures there is nothing to warn of: each place says itself what it could not read.
  if (!list.error || !list.data) return null;
  return (
    <Lost
      error={list.error}
      readAt={list.dataUpdatedAt}
      trying={list.isFetching}
      onRetry={() => void again()}
    />
  );
}

type LostProps = { error: ApiError; readAt: number; trying: boolean; onRetry: () => void };

function Lost({ error, readAt, trying, onRetry }: LostProps) {
  const { t } = useTranslation();
  const { title } = useErrorText(error);
  return (
    <div className={classes.lost} role="alert">
      <IconPlugConnectedX className={classes.icon} size={17} aria-hidden="true" />
      <p className={classes.words}>
        <b>{t(isServerAway(error) ? "lost.title" : "lost.notRead")}</b> {title} {t("lost.age")}{" "}
        <RelativeTime value={new Date(readAt).toISOString()} />
      </p>
      <Button size="compact-sm" onClick={onRetry} loading={trying}>
        {t("action.retry")}
      </Button>
    </div>
  );
}
