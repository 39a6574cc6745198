import { useTranslation } from "react-i18next";
import { PageParts } from "../components/page/PageParts";

/** The two kinds of backup: workbooks that people can read, and archives of PostgreSQL's own programs. */
export function BackupParts() {
  const { t } = useTranslation("backups");
  return (
    <PageParts
      label={t("parts")}
      parts={[
        { to: "/backups", label: t("workbook.part") },
        { to: "/backups/archives", label: t("archive.part") },
      ]}
    />
  );
}
