import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { templatesQueryOptions } from "../api/migrations";
import { settingsQueryOptions, useChangeSettings } from "../api/settings";
import { tenantListQueryOptions } from "../api/tenants";
import type { TemplateInfo, TenantSummary } from "../api/types";

/** The template that most of these tenants were made from. */
export function commonTemplate(tenants: readonly Pick<TenantSummary, "template">[]): string | null {
  const counts = new Map<string, number>();
  for (const { template } of tenants) if (template) counts.set(template, (counts.get(template) ?? 0) + 1);
  let best: string | null = null;
  for (const [template, count] of counts) if (count > (best ? (counts.get(best) ?? 0) : 0)) best = template;
  return best;
}

/** Where migrations come from: what was used last, or the template that most tenants were made from. */
export function useMigrationSource() {
  const { data: settings } = useQuery(settingsQueryOptions());
  const { data: list } = useQuery(tenantListQueryOptions());
  const { data: templates } = useQuery(templatesQueryOptions());
  const { mutate } = useChangeSettings();
  const ready = settings !== undefined && (settings.migration_source !== null || list !== undefined);
  const source = settings?.migration_source ?? (list ? commonTemplate(list.tenants) : null);
  const choose = useCallback((next: string) => mutate({ migration_source: next }), [mutate]);
  return { source, ready, choose, templates: templates ?? noTemplates };
}

const noTemplates: readonly TemplateInfo[] = [];
