import { useTranslation } from "react-i18next";
import type { TableStorage } from "../../api/types";
import { CopyButton } from "../../components/copy/CopyButton";
import classes from "./Watch.module.css";

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** What can be done with the selected tables. */
export function TableActions({ tables }: { tables: readonly TableStorage[] }) {
  const { t } = useTranslation("watch");
  if (tables.length === 0) return null;
  const names = () => tables.map((table) => `${quoted(table.schema)}.${quoted(table.name)}`).join("\n");
  return (
    <div className={classes.selection}>
      <b role="status">{t("end.selected", { count: tables.length })}</b>
      <CopyButton text={names} label={t("storage.copyNames")} />
    </div>
  );
}
