import { Tabs } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { StructureComparison } from "../api/types";
import { EmptyState } from "../components/empty/EmptyState";
import { useFormat } from "../i18n/format";
import { ChangesView } from "./ChangesView";
import { RepairView } from "./RepairView";
import classes from "./StructurePage.module.css";

type ComparisonViewProps = {
  comparison: StructureComparison;
  /** Display names. */
  reference: string;
  tenant: string;
};

/** Two structures side by side, and the SQL that makes the right one like the left one. */
export function ComparisonView({ comparison, reference, tenant }: ComparisonViewProps) {
  const { t } = useTranslation("structure");
  const format = useFormat();
  const [tab, setTab] = useState<string | null>("changes");
  if (comparison.changes.length === 0) {
    return (
      <EmptyState
        icon={<IconCircleCheck size={36} stroke={1.3} />}
        title={t("diff.equal", { reference, tenant })}
      >
        <p>{t("diff.equalText")}</p>
        <p>
          {t("panel.fingerprint")} <code className={classes.whole}>{comparison.reference}</code>
        </p>
      </EmptyState>
    );
  }
  return (
    <Tabs value={tab} onChange={setTab} className={classes.tabs} keepMounted={false}>
      <Tabs.List className={classes.tabList}>
        <Tabs.Tab value="changes">
          {t("diff.tab")} <span className={classes.count}>{format.number(comparison.changes.length)}</span>
        </Tabs.Tab>
        <Tabs.Tab value="repair">
          {t("diff.repair")} <span className={classes.count}>{format.number(comparison.statements)}</span>
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="changes" className={classes.tabPanel}>
        <ChangesView changes={comparison.changes} reference={reference} tenant={tenant} />
      </Tabs.Panel>
      <Tabs.Panel value="repair" className={classes.tabPanel}>
        <RepairView comparison={comparison} reference={reference} tenant={tenant} />
      </Tabs.Panel>
    </Tabs>
  );
}
