import type { TFunction } from "i18next";
import type { Remark } from "../api/types";

/** A remark on a tenant that was made again, in the window's language; the server's reasons are in its own. */
export function remarkText(t: TFunction<"backups">, remark: Remark): string {
  const { code, ...names } = remark;
  return t(`remark.${code}`, names);
}
