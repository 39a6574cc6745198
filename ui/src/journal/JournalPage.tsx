import { useTranslation } from "react-i18next";
import { PageHeader } from "../components/page/PageHeader";

/** The place "journal". */
export function JournalPage() {
  const { t } = useTranslation("journal");
  return <PageHeader title={t("title")} />;
}
