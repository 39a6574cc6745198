import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { connectionQueryOptions } from "../api/connection";

/** Why nothing can be changed through this connection, where nothing can; also why no schema can be made. */
export function useRefusal(makesSchema = false): string | null {
  const { t } = useTranslation("tenants");
  const { data: connection } = useQuery(connectionQueryOptions());
  const server = connection?.server;
  if (!server) return null;
  if (server.read_only) return t("newRefused.readOnly");
  if (server.standby) return t("newRefused.standby");
  if (makesSchema && !server.can_create_schema) return t("newRefused.right", { role: server.role });
  return null;
}
