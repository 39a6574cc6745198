import { useTranslation } from "react-i18next";
import { PageHeader } from "../components/page/PageHeader";

/** The place "settings". */
export function SettingsPage() {
  const { t } = useTranslation("settings");
  return <PageHeader title={t("title")} />;
}
