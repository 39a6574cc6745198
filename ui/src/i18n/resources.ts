import adoptionEn from "./en/adoption.json";
import alertsEn from "./en/alerts.json";
import backupsEn from "./en/backups.json";
import cloneEn from "./en/clone.json";
import commonEn from "./en/common.json";
import compareEn from "./en/compare.json";
import connectEn from "./en/connect.json";
import createEn from "./en/create.json";
import errorsEn from "./en/errors.json";
import exportEn from "./en/export.json";
import healthEn from "./en/health.json";
import historyEn from "./en/history.json";
import journalEn from "./en/journal.json";
import lifeEn from "./en/life.json";
import maintainEn from "./en/maintain.json";
import migrationsEn from "./en/migrations.json";
import misplacedEn from "./en/misplaced.json";
import parcelsEn from "./en/parcels.json";
import planEn from "./en/plan.json";
import quarantineEn from "./en/quarantine.json";
import rehearsalEn from "./en/rehearsal.json";
import runsEn from "./en/runs.json";
import settingsEn from "./en/settings.json";
import structureEn from "./en/structure.json";
import tenantEn from "./en/tenant.json";
import tenantsEn from "./en/tenants.json";
import watchEn from "./en/watch.json";
import adoptionFr from "./fr/adoption.json";
import alertsFr from "./fr/alerts.json";
import backupsFr from "./fr/backups.json";
import cloneFr from "./fr/clone.json";
import commonFr from "./fr/common.json";
import compareFr from "./fr/compare.json";
import connectFr from "./fr/connect.json";
import createFr from "./fr/create.json";
import errorsFr from "./fr/errors.json";
import exportFr from "./fr/export.json";
import healthFr from "./fr/health.json";
import historyFr from "./fr/history.json";
import journalFr from "./fr/journal.json";
import lifeFr from "./fr/life.json";
import maintainFr from "./fr/maintain.json";
import migrationsFr from "./fr/migrations.json";
import misplacedFr from "./fr/misplaced.json";
import parcelsFr from "./fr/parcels.json";
import planFr from "./fr/plan.json";
import quarantineFr from "./fr/quarantine.json";
import rehearsalFr from "./fr/rehearsal.json";
import runsFr from "./fr/runs.json";
import settingsFr from "./fr/settings.json";
import structureFr from "./fr/structure.json";
import tenantFr from "./fr/tenant.json";
import tenantsFr from "./fr/tenants.json";
import watchFr from "./fr/watch.json";

/** Every text of the window, by language and namespace. */
export const resources = {
  en: {
    adoption: adoptionEn,
    alerts: alertsEn,
    backups: backupsEn,
    clone: cloneEn,
    common: commonEn,
    compare: compareEn,
    connect: connectEn,
    create: createEn,
    errors: errorsEn,
    export: exportEn,
    health: healthEn,
    history: historyEn,
    journal: journalEn,
    life: lifeEn,
    maintain: maintainEn,
    migrations: migrationsEn,
    misplaced: misplacedEn,
    parcels: parcelsEn,
    plan: planEn,
    quarantine: quarantineEn,
    rehearsal: rehearsalEn,
    runs: runsEn,
    settings: settingsEn,
    structure: structureEn,
    tenant: tenantEn,
    tenants: tenantsEn,
    watch: watchEn,
  },
  fr: {
    adoption: adoptionFr,
    alerts: alertsFr,
    backups: backupsFr,
    clone: cloneFr,
    common: commonFr,
    compare: compareFr,
    connect: connectFr,
    create: createFr,
    errors: errorsFr,
    export: exportFr,
    health: healthFr,
    history: historyFr,
    journal: journalFr,
    life: lifeFr,
    maintain: maintainFr,
    migrations: migrationsFr,
    misplaced: misplacedFr,
    parcels: parcelsFr,
    plan: planFr,
    quarantine: quarantineFr,
    rehearsal: rehearsalFr,
    runs: runsFr,
    settings: settingsFr,
    structure: structureFr,
    tenant: tenantFr,
    tenants: tenantsFr,
    watch: watchFr,
  },
} as const;

export type Language = keyof typeof resources;
export type Namespace = keyof (typeof resources)["en"];
export const languages = Object.keys(resources) as Language[];
export const namespaces = Object.keys(resources.en) as Namespace[];
