import { IconList } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { EnumType } from "../api/types";
import { EmptyState } from "../components/empty/EmptyState";
import classes from "./EnumsTab.module.css";

/** The enum types of a tenant, with their values in the order that PostgreSQL sorts them by. */
export function EnumsTab({ enums }: { enums: readonly EnumType[] }) {
  const { t } = useTranslation("tenant");
  if (enums.length === 0) {
    return (
      <EmptyState icon={<IconList size={36} stroke={1.3} />} title={t("enums.none")}>
        {t("enums.noneText")}
      </EmptyState>
    );
  }
  return (
    <div className={classes.enums}>
      {enums.map((type) => (
        <section key={type.name} className={classes.type} aria-label={type.name}>
          <h2>
            <code>{type.name}</code>
            <small>{t("enums.labels", { count: type.labels.length })}</small>
          </h2>
          <ol>
            {type.labels.map((label) => (
              <li key={label}>
                <code>{label}</code>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}
