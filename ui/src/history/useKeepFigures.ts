import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { invalidateTags, onDatabaseLeft } from "../api/client";
import { keepFigures } from "../api/history";
import { tenantListQueryOptions } from "../api/tenants";

/** After the first picture, and after the exact sizes that the list asks for. */
const patience = 5000;

let asked = false;
onDatabaseLeft(() => {
  asked = false;
});

/** Has the figures of the open database kept once, some time after its tenants are shown, for what they were one day. */
export function useKeepFigures(): void {
  const client = useQueryClient();
  const { isSuccess } = useQuery({ ...tenantListQueryOptions(), select: () => true });
  useEffect(() => {
    if (!isSuccess || asked) return;
    const timer = setTimeout(() => {
      asked = true;
      // Whoever looks at tenants does not need to hear that a background matter did not succeed: core's log has it.
      keepFigures()
        .then((kept) => (kept ? invalidateTags(client, ["history"]) : undefined))
        .catch(() => undefined);
    }, patience);
    return () => clearTimeout(timer);
  }, [isSuccess, client]);
}
