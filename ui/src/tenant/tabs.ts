export const tenantTabs = ["overview", "tables", "structure", "rows", "enums", "entry", "journal"] as const;
export type TenantTab = (typeof tenantTabs)[number];
export const isTenantTab = (value: unknown): value is TenantTab => tenantTabs.includes(value as TenantTab);
