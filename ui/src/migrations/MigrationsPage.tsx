import { useTranslation } from "react-i18next";
import { PageHeader } from "../components/page/PageHeader";

/** The place "migrations". */
export function MigrationsPage() {
  const { t } = useTranslation("migrations");
  return <PageHeader title={t("title")} />;
}
