import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { misplacedQueryOptions } from "../api/misplaced";
import { openLifeStep } from "../tenants/life";
import { useRefusal } from "../tenants/useRefusal";
import { groupsOf } from "./groups";
import classes from "./Misplaced.module.css";

/** So many tenants have a line of their own. */
const shown = 3;

/** Quiet lines above the tenants: objects of public that seem to belong to one of them. */
export function MisplacedNotice() {
  const { t } = useTranslation("misplaced");
  const { data } = useQuery(misplacedQueryOptions());
  const refusal = useRefusal();
  const groups = data ? groupsOf(data) : [];
  if (groups.length === 0) return null;
  const more = groups.length - shown;
  return (
    <div className={classes.notice} role="note">
      {groups.slice(0, shown).map(({ tenant, candidates }) => (
        <div key={tenant.schema} className={classes.line}>
          <span>{t("notice", { count: candidates.length, name: tenant.name })}</span>
          <Button
            size="compact-sm"
            variant="subtle"
            disabled={refusal !== null}
            title={refusal ?? undefined}
            onClick={() =>
              openLifeStep({ step: "move", tenant, objects: candidates.map(({ name }) => name) })
            }
          >
            {t("plan")}
          </Button>
        </div>
      ))}
      {more > 0 && <span>{t("more", { count: more })}</span>}
    </div>
  );
}
