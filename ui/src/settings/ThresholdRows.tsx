import { useTranslation } from "react-i18next";
import { useChangeSettings } from "../api/settings";
import type { Thresholds } from "../api/types";
import { ChoiceRow } from "./ChoiceRow";
import { FigureRow } from "./FigureRow";

/** From where on something is an alert; an empty field is never. */
export function ThresholdRows({ thresholds }: { thresholds: Thresholds }) {
  const { t } = useTranslation("settings");
  const { mutate } = useChangeSettings();
  const change = (part: Partial<Thresholds>) => mutate({ thresholds: { ...thresholds, ...part } });
  const never = t("threshold.never");
  const scaled = (value: number | null, unit: number) => (value === null ? null : Math.round(value * unit));
  const days = thresholds.backup_hours;
  const minutes = thresholds.transaction_seconds;
  return (
    <>
      <FigureRow
        label={t("threshold.backup")}
        hint={t("threshold.backupHint")}
        placeholder={never}
        value={days === null ? null : days / 24}
        min={1 / 24}
        max={3650}
        decimals={2}
        suffix={t("threshold.days")}
        onChange={(value) => change({ backup_hours: scaled(value, 24) })}
      />
      <FigureRow
        label={t("threshold.quota")}
        hint={t("threshold.quotaHint")}
        placeholder={never}
        value={thresholds.quota_percent}
        min={1}
        max={1000}
        suffix={t("threshold.percent")}
        onChange={(value) => change({ quota_percent: scaled(value, 1) })}
      />
      <FigureRow
        label={t("threshold.transaction")}
        hint={t("threshold.transactionHint")}
        placeholder={never}
        value={minutes === null ? null : minutes / 60}
        min={1 / 60}
        max={100_000}
        decimals={2}
        suffix={t("threshold.minutes")}
        onChange={(value) => change({ transaction_seconds: scaled(value, 60) })}
      />
      <FigureRow
        label={t("threshold.blocked")}
        hint={t("threshold.blockedHint")}
        placeholder={never}
        value={thresholds.blocked_seconds}
        min={1}
        max={100_000}
        suffix={t("threshold.seconds")}
        onChange={(value) => change({ blocked_seconds: scaled(value, 1) })}
      />
      <FigureRow
        label={t("threshold.connections")}
        hint={t("threshold.connectionsHint")}
        placeholder={never}
        value={thresholds.connections_percent}
        min={1}
        max={100}
        suffix={t("threshold.percent")}
        onChange={(value) => change({ connections_percent: scaled(value, 1) })}
      />
      <ChoiceRow
        label={t("threshold.runs")}
        hint={t("threshold.runsHint")}
        value={thresholds.runs ? "on" : "off"}
        options={(["on", "off"] as const).map((value) => ({ value, label: t(`threshold.${value}`) }))}
        onChange={(value) => change({ runs: value === "on" })}
      />
      <ChoiceRow
        label={t("threshold.drift")}
        hint={t("threshold.driftHint")}
        value={thresholds.drift ? "on" : "off"}
        options={(["on", "off"] as const).map((value) => ({ value, label: t(`threshold.${value}`) }))}
        onChange={(value) => change({ drift: value === "on" })}
      />
    </>
  );
}
