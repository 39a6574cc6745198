import { Button, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Quarantined } from "../api/types";
import { Bytes, Figure } from "../components/figures/Figure";
import { Status } from "../components/status/Status";
import { useFormat } from "../i18n/format";
import { openLifeStep } from "../tenants/life";
import { useRefusal } from "../tenants/useRefusal";
import { BackupFact } from "./BackupFact";
import classes from "./QuarantinePage.module.css";

/** One tenant in quarantine: what it was, whether its backup is good, and the two ways on. */
export function QuarantinePanel({ tenant }: { tenant: Quarantined }) {
  const { t } = useTranslation("quarantine");
  const format = useFormat();
  const refusal = useRefusal();
  const facts: [string, ReactNode][] = [
    [t("fact.was"), tenant.was === null ? t("unknown") : <code key="was">{tenant.was}</code>],
    [t("fact.schema"), <code key="schema">{tenant.schema}</code>],
    [t("fact.since"), tenant.quarantined_at === null ? t("unknown") : format.dateTime(tenant.quarantined_at)],
    [t("fact.by"), tenant.quarantined_by === null ? t("unknown") : tenant.quarantined_by],
    [t("fact.tables"), <Figure key="tables" value={tenant.tables} />],
    [t("fact.rows"), <Figure key="rows" value={tenant.rows} estimated={tenant.rows_estimated} />],
    [t("fact.size"), <Bytes key="size" value={tenant.size_bytes} estimated={tenant.size_estimated} />],
  ];
  // Without its record nobody knows what it was called, and who had which rights.
  const lost = tenant.problem !== null ? t("recordLost") : null;
  const noWayBack = refusal ?? lost ?? (tenant.purge_begun ? t("purgeBegun") : null);
  return (
    <aside className={classes.panel} aria-label={tenant.name}>
      <h2 className={classes.title}>
        <bdi>{tenant.name}</bdi>
      </h2>
      {tenant.problem !== null && (
        <div>
          <Status tone="bad" label={t("state.unusable")} />
          <p className={classes.note}>
            {lost} <span lang="en">{tenant.problem}</span>
          </p>
        </div>
      )}
      {tenant.purge_begun && (
        <div>
          <Status tone="bad" label={t("state.purging")} />
          <p className={classes.note}>{t("purgeBegun")}</p>
        </div>
      )}
      <div className={classes.buttons}>
        <Way
          label={t("action.undrop")}
          icon={<IconArrowBackUp size={15} />}
          refused={noWayBack}
          onClick={() => openLifeStep({ step: "undrop", tenant })}
        />
        <Way
          danger
          label={t("action.purge")}
          icon={<IconTrash size={15} />}
          refused={refusal ?? lost}
          onClick={() => openLifeStep({ step: "purge", tenant })}
        />
      </div>
      <dl className={classes.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {tenant.backup !== null && <BackupFact tenant={tenant} path={tenant.backup} />}
    </aside>
  );
}

type WayProps = {
  label: string;
  icon: ReactNode;
  /** Why it is closed, when it is. */
  refused: string | null;
  danger?: boolean;
  onClick: () => void;
};

function Way({ label, icon, refused, danger = false, onClick }: WayProps) {
  return (
    <Tooltip label={refused} disabled={refused === null}>
      <Button
        variant={danger ? "light" : "default"}
        color={danger ? "bad" : undefined}
        leftSection={icon}
        data-disabled={refused !== null || undefined}
        aria-disabled={refused !== null || undefined}
        onClick={() => refused === null && onClick()}
      >
        {label}
      </Button>
    </Tooltip>
  );
}
