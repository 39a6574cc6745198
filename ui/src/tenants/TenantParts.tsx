import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { quarantineQueryOptions } from "../api/quarantine";
import classes from "../components/page/PageParts.module.css";
import { useFormat } from "../i18n/format";

/** The two parts of the place: tenants in use, and those that were dropped and are still there. */
export function TenantParts() {
  const { t } = useTranslation("tenants");
  const format = useFormat();
  const { data } = useQuery(quarantineQueryOptions());
  const count = data?.length ?? 0;
  return (
    <nav className={classes.parts} aria-label={t("part.label")}>
      <Link to="/tenants" search={{}} activeOptions={{ exact: true }} className={classes.part}>
        {t("part.use")}
      </Link>
      <Link
        to="/tenants"
        search={{ quarantine: true }}
        activeOptions={{ exact: true }}
        className={classes.part}
      >
        {count > 0 ? t("part.quarantineOf", { number: format.number(count) }) : t("part.quarantine")}
      </Link>
    </nav>
  );
}
