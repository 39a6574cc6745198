import { useTranslation } from "react-i18next";
import { PageHeader } from "../components/page/PageHeader";

/** The place "compare". */
export function ComparePage() {
  const { t } = useTranslation("compare");
  return <PageHeader title={t("title")} />;
}
