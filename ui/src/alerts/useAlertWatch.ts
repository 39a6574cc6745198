import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { alertsQueryOptions, notify } from "../api/alerts";
import { onDatabaseLeft } from "../api/client";
import type { Alert } from "../api/types";
import { useFormat } from "../i18n/format";
import { alertKey, alertTitle } from "./words";

/** The first picture of a database comes before what may be wrong with it. */
const patience = 8_000;

/** What was told of the open database, by kind: only what has changed is told again. */
let told = new Map<string, string>();
onDatabaseLeft(() => {
  told = new Map();
});

/** Looks at the thresholds as long as a database is open. Returns what is beyond them. */
export function useAlertWatch(connected: boolean): readonly Alert[] {
  const { t } = useTranslation(["alerts", "common"]);
  const format = useFormat();
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    if (!connected) return;
    const timer = setTimeout(() => setWaited(true), patience);
    return () => {
      clearTimeout(timer);
      setWaited(false);
    };
  }, [connected]);
  const { data } = useQuery({ ...alertsQueryOptions(), enabled: connected && waited });
  const alerts = connected ? (data?.alerts ?? none) : none;
  useEffect(() => {
    const fresh = alerts.filter((alert) => told.get(alert.kind) !== alertKey(alert));
    told = new Map(alerts.map((alert) => [alert.kind, alertKey(alert)]));
    const grave = fresh.filter((alert) => alert.level !== "note");
    if (grave.length === 0) return;
    // In front, the number beside the place says it; a desktop without notifications is no failure.
    void notify(t("alerts:title.page"), grave.map((alert) => alertTitle(t, format, alert)).join("\n")).catch(
      () => {},
    );
  }, [alerts, t, format]);
  return alerts;
}

const none: readonly Alert[] = [];
