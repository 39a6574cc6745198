import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { connectionQueryOptions } from "../../api/connection";

/** Why no session can be ended through this connection, where none can. On a standby one can: that writes nothing. */
export function useSignalRefusal(): string | null {
  const { t } = useTranslation("watch");
  const { data: connection } = useQuery(connectionQueryOptions());
  if (!connection) return null;
  const { profile, server } = connection;
  return profile.read_only || (server.read_only && !server.standby) ? t("end.refused") : null;
}
