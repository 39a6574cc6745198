import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { clientQueryOptions } from "../api/archives";
import type { ApiError } from "../api/error";
import { useErrorText } from "../components/error/errorText";
import { Status } from "../components/status/Status";
import classes from "./BackupsPage.module.css";

/** Which of PostgreSQL's own programs archives are made with, or what to install. */
export function ClientLine() {
  const { t } = useTranslation("backups");
  const { data: client, error } = useQuery(clientQueryOptions());
  if (error) return <MissingClient error={error} />;
  if (!client) return null;
  return (
    <span className={classes.client} title={client.folder}>
      {t("client.found", { version: client.version })}
    </span>
  );
}

function MissingClient({ error }: { error: ApiError }) {
  const { t } = useTranslation("backups");
  const navigate = useNavigate();
  const text = useErrorText(error);
  return (
    <>
      <span title={[error.wire.detail, text.hint].filter(Boolean).join(" ")}>
        <Status tone="warn" label={text.title} />
      </span>
      <Button onClick={() => void navigate({ to: "/settings" })}>{t("client.settings")}</Button>
    </>
  );
}
