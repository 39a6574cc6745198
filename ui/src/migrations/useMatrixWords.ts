import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { MatrixWords } from "./MatrixRowView";
import { cellStates, type MatrixRow } from "./matrix";

/** The matrix's words; the same object until the language changes. */
export function useMatrixWords(): MatrixWords {
  const { t } = useTranslation(["migrations", "common"]);
  return useMemo(() => {
    const states = Object.fromEntries(
      [...cellStates, "none" as const].map((state) => [state, t(`migrations:state.${state}`)]),
    ) as MatrixWords["states"];
    const alone = ({ standing, tenant }: MatrixRow) =>
      standing === "behind"
        ? t("migrations:standing.behind", { count: tenant.pending.length })
        : t(`migrations:standing.${standing}`);
    return {
      states,
      standing: (row) => {
        const count = row.tenant.invalid_indexes.length;
        const standing = alone(row);
        return count > 0 ? t("migrations:standing.invalidIndexes", { standing, count }) : standing;
      },
      select: (name) => t("common:grid.selectRow", { name }),
      cell: ({ tenant, states: own }, { version, migration }) =>
        `${tenant.name} · ${version} ${migration?.description ?? ""} · ${states[own.get(version) ?? "none"]}`,
    };
  }, [t]);
}
