import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { settingsQueryOptions, useChangeSettings } from "../api/settings";
import { aboutQueryOptions } from "../api/system";
import { ErrorView } from "../components/error/ErrorView";
import { PageHeader } from "../components/page/PageHeader";
import { languageNames } from "../i18n/languageNames";
import { ChoiceRow } from "./ChoiceRow";
import { ClientRow } from "./ClientRow";
import { FigureRow } from "./FigureRow";
import { KeyringRow } from "./KeyringRow";
import { PathRow } from "./PathRow";
import { Section } from "./Section";
import classes from "./SettingsPage.module.css";
import { ThresholdRows } from "./ThresholdRows";

/** The place "settings": takes effect at once, and is kept. */
export function SettingsPage() {
  const { t } = useTranslation("settings");
  const { data: settings, error, refetch } = useQuery(settingsQueryOptions());
  const { data: about } = useQuery(aboutQueryOptions());
  const { mutate: change } = useChangeSettings();
  return (
    <div className={classes.page}>
      <PageHeader title={t("title")} subtitle={t("subtitle")} />
      <div className={classes.content}>
        {error && !settings && <ErrorView error={error} onRetry={() => void refetch()} />}
        {settings && (
          <>
            <Section title={t("section.look")}>
              <ChoiceRow
                label={t("language.label")}
                value={settings.language ?? "system"}
                options={[
                  { value: "system", label: t("system") },
                  ...Object.entries(languageNames).map(([value, label]) => ({ value, label })),
                ]}
                onChange={(value) => change({ language: value === "system" ? null : value })}
              />
              <ChoiceRow
                label={t("scheme.label")}
                value={settings.scheme ?? "system"}
                options={(["system", "light", "dark"] as const).map((value) => ({
                  value,
                  label: value === "system" ? t("system") : t(`scheme.${value}`),
                }))}
                onChange={(value) => change({ scheme: value === "system" ? null : value })}
              />
              <ChoiceRow
                label={t("density.label")}
                hint={t("density.hint")}
                value={settings.dense ? "dense" : "comfortable"}
                options={(["dense", "comfortable"] as const).map((value) => ({
                  value,
                  label: t(`density.${value}`),
                }))}
                onChange={(value) => change({ dense: value === "dense" })}
              />
            </Section>
            <Section title={t("section.runs")}>
              <FigureRow
                label={t("jobs.label")}
                hint={t("jobs.hint")}
                placeholder={t("jobs.automatic")}
                value={settings.jobs}
                min={1}
                max={64}
                onChange={(jobs) => change({ jobs: jobs === null ? null : Math.round(jobs) })}
              />
              <FigureRow
                label={t("lock.label")}
                hint={t("lock.hint")}
                value={settings.lock_timeout_ms / 1000}
                min={0.1}
                max={600}
                decimals={1}
                suffix={t("lock.seconds")}
                onChange={(seconds) =>
                  seconds !== null && change({ lock_timeout_ms: Math.round(seconds * 1000) })
                }
              />
            </Section>
            <Section title={t("section.alerts")}>
              <ThresholdRows thresholds={settings.thresholds} />
            </Section>
            <Section title={t("section.archives")}>
              <ClientRow
                folder={settings.client_folder}
                onChange={(client_folder) => change({ client_folder })}
              />
            </Section>
            <Section title={t("section.remembered")}>
              <PathRow
                label={t("remembered.export")}
                value={settings.export_folder}
                onForget={() => change({ export_folder: null })}
              />
              <PathRow
                label={t("remembered.backup")}
                value={settings.backup_folder}
                onForget={() => change({ backup_folder: null })}
              />
              <PathRow
                label={t("remembered.source")}
                value={settings.migration_source}
                onForget={() => change({ migration_source: null })}
              />
            </Section>
          </>
        )}
        <Section title={t("section.passwords")}>
          <KeyringRow />
        </Section>
        {about && (
          <Section title={t("section.about")}>
            <PathRow label={t("about.home")} hint={t("about.homeHint")} value={about.home} />
            <PathRow label={t("about.logs")} hint={t("about.logsHint")} value={about.logs} />
            <PathRow label={t("about.version")} hint={t("about.licence")} value={about.version} />
          </Section>
        )}
      </div>
    </div>
  );
}
