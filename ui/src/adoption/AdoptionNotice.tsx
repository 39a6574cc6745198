import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { adoptionQueryOptions } from "../api/adoption";
import type { AdoptionPicture } from "../api/types";
import classes from "./AdoptionPage.module.css";

/** A quiet line above the tenants: what the registry and the schemas do not agree about, and what rules leave out. */
export function AdoptionNotice() {
  const { t } = useTranslation("adoption");
  const navigate = useNavigate();
  const { data } = useQuery(adoptionQueryOptions(null));
  if (!data) return null;
  const kind = data.registry
    ? t(`kind.${data.registry.kind}`)
    : t(data.own_entries === null ? "notice.registry" : "kind.cadastre");
  const unreadable = data.others.find((one) => one.evidence.some(({ code }) => code === "not_readable"));
  const said = [
    data.saved && ruledOut(data) > 0 && t("notice.ruled", { count: ruledOut(data) }),
    data.registry_only.length > 0 && t("notice.registry_only", { kind, count: data.registry_only.length }),
    data.schema_only.length > 0 && t("notice.schema_only", { count: data.schema_only.length }),
    unreadable && !data.registry && t("notice.unreadable", { kind: t(`kind.${unreadable.kind}`) }),
  ].filter((text) => text !== false && text !== undefined);
  if (said.length === 0) return null;
  return (
    <div className={classes.notice} role="note">
      <span>{said.join(" ")}</span>
      <span className={classes.space} />
      <Button
        size="compact-sm"
        variant="subtle"
        onClick={() => void navigate({ to: "/tenants", search: { adopt: true } })}
      >
        {t("notice.look")}
      </Button>
    </div>
  );
}

/** Schemas with tables that only a rule keeps from being tenants. */
function ruledOut({ left_out }: AdoptionPicture): number {
  const ruled = ["excluded", "not_included", "not_queried", "not_registered"];
  return left_out.filter((line) => line.tables > 0 && ruled.includes(line.reason.code)).length;
}
