import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { MatrixWords } from "./MatrixRowView";
import { cellStates } from "./matrix";

/** The matrix's words; the same object until the language changes. */
export function useMatrixWords(): MatrixWords {
  const { t } = useTranslation(["migrations", "common"]);
  return useMemo(
    () => ({
      states: Object.fromEntries(
        [...cellStates, "none" as const].map((state) => [state, t(`migrations:state.${state}`)]),
      ) as MatrixWords["states"],
      standing: ({ standing, tenant }) =>
        standing === "behind"
          ? t("migrations:standing.behind", { count: tenant.pending.length })
          : t(`migrations:standing.${standing}`),
      select: (name) => t("common:grid.selectRow", { name }),
    }),
    [t],
  );
}
