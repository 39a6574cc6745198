import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keyringQueryOptions } from "../api/profiles";
import { ErrorView } from "../components/error/ErrorView";
import { Status } from "../components/status/Status";
import { Row } from "./Section";
import classes from "./SettingsPage.module.css";

/** Whether passwords can be kept, where, and what happens when they cannot. */
export function KeyringRow() {
  const { t } = useTranslation(["settings", "common"]);
  const { data: keyring, error, isFetching, refetch } = useQuery(keyringQueryOptions());
  if (error && !keyring) return <ErrorView error={error} onRetry={() => void refetch()} plain />;
  if (!keyring) return <Skeleton height={18} width={280} m={14} />;
  return (
    <Row
      label={t("settings:keyring.label")}
      hint={
        <>
          {t(keyring.available ? "settings:keyring.kept" : "settings:keyring.asked", {
            store: keyring.store,
          })}
          {keyring.reason && <code className={classes.reason}>{keyring.reason}</code>}
        </>
      }
    >
      <Status
        tone={keyring.available ? "ok" : "warn"}
        label={t(keyring.available ? "settings:keyring.available" : "settings:keyring.unavailable", {
          store: keyring.store,
        })}
      />
      {!keyring.available && (
        <Button loading={isFetching} onClick={() => void refetch()}>
          {t("common:action.retry")}
        </Button>
      )}
    </Row>
  );
}
