import { useTranslation } from "react-i18next";
import { PageParts } from "../components/page/PageParts";

/** The two ways to look back: entry by entry, or run by run. */
export function JournalParts() {
  const { t } = useTranslation(["journal", "runs"]);
  return (
    <PageParts
      label={t("journal:places")}
      parts={[
        { to: "/journal", label: t("journal:entries") },
        { to: "/journal/runs", label: t("runs:list.title") },
      ]}
    />
  );
}
