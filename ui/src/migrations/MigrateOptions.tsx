import { Checkbox, NumberInput, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { MigrateRequest, MigrationInfo, TemplateInfo } from "../api/types";
import classes from "./MigrateDialog.module.css";
import { SourceChooser } from "./SourceChooser";
import { plainVersion } from "./version";

type MigrateOptionsProps = {
  request: MigrateRequest;
  onChange: (change: Partial<Omit<MigrateRequest, "tenants">>) => void;
  migrations: readonly MigrationInfo[];
  templates: readonly TemplateInfo[];
};

/** How the fleet is migrated: from where, how far, how many at a time, and how carefully. */
export function MigrateOptions({ request, onChange, migrations, templates }: MigrateOptionsProps) {
  const { t } = useTranslation("migrations");
  const down = request.direction === "down";
  const newest = migrations[migrations.length - 1]?.version;
  const upmost =
    newest === undefined ? t("option.newest") : t("option.newestIs", { version: plainVersion(newest) });
  const furthest = down ? t("option.downOne") : upmost;
  return (
    <div className={classes.options}>
      <div className={classes.source}>
        <span className={classes.label} aria-hidden="true">
          {t("option.source")}
        </span>
        <SourceChooser
          bare
          source={request.source === "" ? null : request.source}
          templates={templates}
          onChoose={(source) => onChange({ source, to: null })}
        />
      </div>
      <Select
        size="xs"
        label={t(down ? "option.downTo" : "option.to")}
        value={request.to === null ? "" : String(request.to)}
        allowDeselect={false}
        onChange={(value) => onChange({ to: value ? Number(value) : null })}
        data={[
          { value: "", label: furthest },
          ...[...migrations].reverse().map((migration) => ({
            value: String(migration.version),
            label: `${plainVersion(migration.version)} ${migration.description}`,
          })),
          ...(down ? [{ value: "0", label: t("option.downZero") }] : []),
        ]}
        title={String(request.to ?? (down ? "" : (newest ?? "")))}
        renderOption={({ option }) => <span title={option.value}>{option.label}</span>}
        comboboxProps={{ width: 320, position: "bottom-start" }}
        w={220}
      />
      <NumberInput
        size="xs"
        label={t("option.jobs")}
        placeholder={t("option.jobsAuto")}
        value={request.jobs ?? ""}
        onChange={(value) => onChange({ jobs: typeof value === "number" ? value : null })}
        min={1}
        max={64}
        clampBehavior="strict"
        allowDecimal={false}
        w={112}
      />
      <Select
        size="xs"
        label={t("option.onError")}
        value={request.continue_on_error ? "continue" : "stop"}
        allowDeselect={false}
        onChange={(value) => onChange({ continue_on_error: value !== "stop" })}
        data={[
          { value: "continue", label: t("option.continue") },
          { value: "stop", label: t("option.stop") },
        ]}
        w={210}
      />
      <NumberInput
        size="xs"
        label={t("option.lockTimeout")}
        value={request.lock_timeout_ms / 1000}
        onChange={(value) =>
          typeof value === "number" && value > 0 && onChange({ lock_timeout_ms: Math.round(value * 1000) })
        }
        min={0.1}
        max={600}
        step={1}
        decimalScale={1}
        suffix={t("option.seconds")}
        w={132}
      />
      <NumberInput
        size="xs"
        label={t("option.retries")}
        placeholder={t("option.jobsAuto")}
        value={request.retries ?? ""}
        onChange={(value) => onChange({ retries: typeof value === "number" ? value : null })}
        min={0}
        max={100}
        clampBehavior="strict"
        allowDecimal={false}
        suffix={t("option.retriesTimes")}
        w={112}
      />
      <NumberInput
        size="xs"
        label={t("option.canaries")}
        value={request.canaries}
        onChange={(value) => onChange({ canaries: typeof value === "number" ? value : 0 })}
        min={0}
        max={1000}
        clampBehavior="strict"
        allowDecimal={false}
        w={88}
      />
      <div className={classes.switches}>
        <Checkbox
          label={t("option.ask")}
          checked={request.ask_after_canaries}
          disabled={request.canaries === 0}
          onChange={(event) => onChange({ ask_after_canaries: event.currentTarget.checked })}
        />
        {request.direction === "up" && (
          <Checkbox
            label={t("option.allowDrift")}
            checked={request.allow_drift}
            onChange={(event) => onChange({ allow_drift: event.currentTarget.checked })}
          />
        )}
      </div>
    </div>
  );
}
