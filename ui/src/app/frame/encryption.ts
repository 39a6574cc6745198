import type { Profile, ServerInfo } from "../../api/types";

/** `clear`: readable on the way; `encrypted`: in a version that is not known; `unknown`: a pooler does not say. */
export type Encryption =
  | { kind: "tls"; version: string }
  | { kind: "socket" | "clear" | "encrypted" | "unknown" };

/** Whether the host is the folder of a Unix socket: nothing goes over a network. */
export const isSocket = (host: string) => host.startsWith("/");

/** How what goes between this computer and the server is protected. */
export function encryptionOf(profile: Profile, server: ServerInfo): Encryption {
  const { mode } = profile.tls;
  if (isSocket(profile.host)) return { kind: "socket" };
  if (mode === "disable") return { kind: "clear" };
  if (server.tls !== null) return { kind: "tls", version: server.tls };
  // The other modes end without a connection where there is no encryption.
  if (mode !== "prefer") return { kind: "encrypted" };
  // Behind a pooler the server tells of the pooler's own connection.
  return { kind: server.pooler === null ? "clear" : "unknown" };
}
