import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { quarantineQueryOptions } from "../api/quarantine";
import { tenantListQueryOptions } from "../api/tenants";
import { openLifeStep } from "./life";
import { useTenantSelection } from "./selection";
import { useRefusal } from "./useRefusal";

type LifeAction = { id: string; label: string; hint: string; go: () => void };

/** What can be done with the tenant that is looked at or selected, and with those in quarantine, by name. */
export function useLifeActions(connected: boolean, asked: boolean): LifeAction[] {
  const { t } = useTranslation();
  const { schema } = useParams({ strict: false });
  const [selected] = useTenantSelection();
  const { data: list } = useQuery({ ...tenantListQueryOptions(), enabled: connected });
  // Only for who types something: the window opens without it.
  const { data: dropped } = useQuery({ ...quarantineQueryOptions(), enabled: connected && asked });
  const refusal = useRefusal();
  const cloneRefusal = useRefusal(true);
  if (!connected || refusal !== null) return [];
  const [only] = selected.size === 1 ? selected : [];
  const tenant = list?.tenants.find((one) => one.schema === (schema ?? only));
  const actions: LifeAction[] = [];
  if (tenant) {
    const { name } = tenant;
    if (cloneRefusal === null) {
      actions.push({
        id: "clone",
        label: t("search.clone", { name }),
        hint: tenant.schema,
        go: () => openLifeStep({ step: "clone", tenant }),
      });
    }
    actions.push({
      id: "drop",
      label: t("search.drop", { name }),
      hint: tenant.schema,
      go: () => openLifeStep({ step: "drop", tenant }),
    });
  }
  if (!asked) return actions;
  for (const one of dropped ?? []) {
    if (one.problem !== null) continue;
    const { name } = one;
    if (!one.purge_begun) {
      actions.push({
        id: `undrop ${one.schema}`,
        label: t("search.undrop", { name }),
        hint: one.schema,
        go: () => openLifeStep({ step: "undrop", tenant: one }),
      });
    }
    actions.push({
      id: `purge ${one.schema}`,
      label: t("search.purge", { name }),
      hint: one.schema,
      go: () => openLifeStep({ step: "purge", tenant: one }),
    });
  }
  return actions;
}
