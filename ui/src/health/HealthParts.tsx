import { useTranslation } from "react-i18next";
import { PageParts } from "../components/page/PageParts";

/** The parts of the place "health". */
const parts = [
  { to: "/health", part: "doctor" },
  { to: "/health/activity", part: "activity" },
  { to: "/health/queries", part: "queries" },
  { to: "/health/storage", part: "storage" },
  { to: "/health/alerts", part: "alerts" },
] as const;

export function HealthParts() {
  const { t } = useTranslation("watch");
  return (
    <PageParts
      label={t("parts.label")}
      parts={parts.map(({ to, part }) => ({ to, label: t(`parts.${part}`) }))}
    />
  );
}
