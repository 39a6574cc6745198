import { useTranslation } from "react-i18next";
import { PageParts } from "../components/page/PageParts";

/** The parts of the place "health". */
export function HealthParts() {
  const { t } = useTranslation("alerts");
  return (
    <PageParts
      label={t("parts.label")}
      parts={[
        { to: "/health", label: t("parts.doctor") },
        { to: "/health/alerts", label: t("parts.alerts") },
      ]}
    />
  );
}
