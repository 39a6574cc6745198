import type { OpenConnection } from "../api/types";

/** Why nothing can be brought back over this connection; `null` when it can. */
export function restoreRefusal(
  connection: OpenConnection | null,
): "notConnected" | "readOnly" | "standby" | "mayNot" | null {
  if (connection === null) return "notConnected";
  if (connection.server.standby) return "standby";
  if (connection.server.read_only) return "readOnly";
  return connection.server.can_create_schema ? null : "mayNot";
}
