import { Button, Tooltip } from "@mantine/core";
import { IconTool } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { tenantListQueryOptions } from "../api/tenants";
import type { DoctorFinding } from "../api/types";
import { CopyButton } from "../components/copy/CopyButton";
import { SqlView } from "../components/sql/SqlView";
import { Status } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import { useRefusal } from "../tenants/useRefusal";
import classes from "./DoctorPage.module.css";
import { checkTitle, factName, factValue, findingText, tones } from "./words";

type FindingPanelProps = {
  finding: DoctorFinding;
  /** Not every check is over. */
  running: boolean;
  onRepair: () => void;
};

/** One finding: what is wrong, why it matters, what it was seen by, and the way out. */
export function FindingPanel({ finding, running, onRepair }: FindingPanelProps) {
  const { t } = useTranslation(["health", "common"]);
  const look = t as unknown as (key: string, options: object) => string;
  const format = useFormat();
  const navigate = useNavigate();
  const refused = useRefusal();
  // A repair is examined again afterwards, which waits for the examination that goes on.
  const refusal = refused ?? (running ? t("health:repair.later") : null);
  const { data: list } = useQuery(tenantListQueryOptions());
  const tenant = list?.tenants.find((one) => one.schema === finding.schema);
  const title = checkTitle(t, finding.check);
  return (
    <aside className={classes.panel} aria-label={title}>
      <div className={classes.panelHead}>
        <Status tone={tones[finding.level]} label={t(`health:level.${finding.level}`)} />
        <h2 className={classes.title}>{title}</h2>
        <p className={classes.place}>
          {finding.schema === null ? t("health:wholeDatabase") : <code>{finding.schema}</code>}
          <span aria-hidden="true"> › </span>
          <code>{finding.object}</code>
        </p>
      </div>
      <p className={classes.message}>{findingText(t, format, finding)}</p>
      <div className={classes.buttons}>
        {finding.fixable && (
          <Tooltip label={refusal} disabled={refusal === null}>
            <Button
              variant="filled"
              leftSection={<IconTool size={15} />}
              data-disabled={refusal !== null || undefined}
              aria-disabled={refusal !== null || undefined}
              onClick={() => refusal === null && onRepair()}
            >
              {t("health:repair.one")}
            </Button>
          </Tooltip>
        )}
        {tenant && (
          <Button
            onClick={() => void navigate({ to: "/tenants/$schema", params: { schema: tenant.schema } })}
          >
            {t("health:panel.tenant")}
          </Button>
        )}
      </div>
      <section>
        <h3>{t("health:panel.why")}</h3>
        <p>{look(`health:check.${finding.check}.why`, { defaultValue: "" })}</p>
      </section>
      <section className={classes.sqlPart}>
        <div className={classes.sqlHead}>
          <h3>{t("health:panel.sql")}</h3>
          {finding.fix_sql !== null && (
            <CopyButton variant="subtle" text={() => finding.fix_sql ?? ""} label={t("common:sql.copy")} />
          )}
        </div>
        {finding.fix_sql === null ? (
          <p>{t("health:panel.noSql")}</p>
        ) : (
          <>
            {!finding.fixable && <p>{t("health:panel.byHand")}</p>}
            <div className={classes.sql}>
              <SqlView text={finding.fix_sql} label={t("health:panel.sql")} />
            </div>
          </>
        )}
      </section>
      {finding.evidence.length > 0 && (
        <section>
          <h3>{t("health:panel.evidence")}</h3>
          <dl className={classes.facts}>
            {finding.evidence.map((fact) => (
              <div key={`${fact.name} ${fact.value}`}>
                <dt>{factName(t, fact)}</dt>
                <dd>
                  <bdi>{factValue(t, format, fact)}</bdi>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </aside>
  );
}
