import { Button, Tabs } from "@mantine/core";
import { IconArrowsRightLeft, IconFileSpreadsheet, IconListNumbers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { statsAtOnceQueryOptions, statsQueryOptions } from "../api/compare";
import { tenantListQueryOptions } from "../api/tenants";
import type { TenantSummary } from "../api/types";
import { EmptyState } from "../components/empty/EmptyState";
import { ErrorView } from "../components/error/ErrorView";
import { Pane } from "../components/error/Pane";
import { PageHeader } from "../components/page/PageHeader";
import { useTenantSelection } from "../tenants/selection";
import { CompareCharts } from "./CompareCharts";
import { ComparedLine } from "./ComparedLine";
import classes from "./ComparePage.module.css";
import { ComparePlaces } from "./ComparePlaces";
import { CompareSkeleton } from "./CompareSkeleton";
import { FigureGrid } from "./FigureGrid";
import { HeatView } from "./HeatView";
import { TenantPicker } from "./TenantPicker";
import { useWriteComparison } from "./useWriteComparison";

const tabs = ["figures", "tables"] as const;
type Tab = (typeof tabs)[number];
const noTenants: TenantSummary[] = [];

/** The place "compare": tenants side by side, as figures, table by table, and as pictures. */
export function ComparePage() {
  const { t } = useTranslation(["compare", "common"]);
  const { data: list } = useQuery(tenantListQueryOptions());
  const all = list?.tenants ?? noTenants;
  const [selected, select] = useTenantSelection();
  const [tab, setTab] = useState<Tab>("figures");
  const [counting, setCounting] = useState(false);
  const schemas = useMemo(
    () => all.filter((tenant) => selected.has(tenant.schema)).map((tenant) => tenant.schema),
    [all, selected],
  );
  const [first, second] = schemas;
  const enough = schemas.length >= 2;
  const estimate = useQuery({ ...statsAtOnceQueryOptions(schemas), enabled: enough });
  const exact = useQuery({ ...statsQueryOptions(schemas, "exact"), enabled: enough && counting });
  const write = useWriteComparison();

  const counted = exact.data !== undefined && counting;
  const stats = counted ? exact.data : estimate.data;
  const error = exact.error ?? estimate.error;

  return (
    <div className={classes.page}>
      <PageHeader
        title={t("compare:title")}
        subtitle={
          stats && enough
            ? t(counted ? "compare:subtitleExact" : "compare:subtitle", { count: schemas.length })
            : undefined
        }
      >
        <ComparePlaces
          place="data"
          pair={first && second && schemas.length === 2 ? [first, second] : undefined}
        />
        {stats && enough && (
          <>
            <Button
              leftSection={<IconListNumbers size={15} />}
              loading={exact.isFetching}
              onClick={() => (counting ? void exact.refetch() : setCounting(true))}
            >
              {t(counted ? "compare:countAgain" : "compare:count")}
            </Button>
            <Button
              leftSection={<IconFileSpreadsheet size={15} />}
              loading={write.isPending}
              onClick={() => write.start(schemas, counted)}
            >
              {t("compare:export")}
            </Button>
          </>
        )}
      </PageHeader>
      <div className={classes.picker}>
        <TenantPicker
          tenants={all}
          selected={selected}
          onSelect={(next) => {
            setCounting(false);
            select(next);
          }}
        />
      </div>
      {!enough && list && (
        <EmptyState icon={<IconArrowsRightLeft size={36} stroke={1.3} />} title={t("compare:empty.title")}>
          {t("compare:empty.text")}
        </EmptyState>
      )}
      {enough && error && !stats && (
        <div className={classes.failure}>
          <ErrorView error={error} title={t("compare:failed")} onRetry={() => void estimate.refetch()} />
        </div>
      )}
      {enough && !stats && !error && <CompareSkeleton />}
      {enough && stats && (
        <Tabs
          value={tab}
          onChange={(value) => setTab((value as Tab | null) ?? "figures")}
          className={classes.tabs}
          keepMounted={false}
        >
          <Tabs.List className={classes.tabList}>
            {tabs.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {t(`compare:tab.${one}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="figures" className={classes.scrolled}>
            <FigureGrid stats={stats} />
            <Pane>
              <CompareCharts stats={stats} />
            </Pane>
          </Tabs.Panel>
          <Tabs.Panel value="tables" className={classes.panel}>
            <HeatView stats={stats} />
          </Tabs.Panel>
          <ComparedLine stats={stats} />
        </Tabs>
      )}
    </div>
  );
}
