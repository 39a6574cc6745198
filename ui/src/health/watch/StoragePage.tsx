import { Button, SegmentedControl } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Storage } from "../../api/types";
import { storageQueryOptions } from "../../api/watch";
import { ErrorView } from "../../components/error/ErrorView";
import { GridSkeleton } from "../../components/grid/GridSkeleton";
import { PageHeader } from "../../components/page/PageHeader";
import { Sign } from "../../components/status/Status";
import { useFormat } from "../../i18n/format";
import { HealthParts } from "../HealthParts";
import { BloatGrid } from "./BloatGrid";
import { IndexesView } from "./IndexesView";
import { TablesView } from "./TablesView";
import classes from "./Watch.module.css";

const views = ["tables", "indexes", "bloat"] as const;
type View = (typeof views)[number];

/** The part "storage" of the place "health": the largest tables, indexes that nobody needs, and what is air. */
export function StoragePage() {
  const { t } = useTranslation("watch");
  const format = useFormat();
  const read = useQuery(storageQueryOptions());
  const [view, setView] = useState<View>("tables");
  const data = read.data;
  const spare = data?.indexes
    .filter((one) => one.drop_sql !== null)
    .reduce((sum, one) => sum + one.size_bytes, 0);
  return (
    <div className={classes.page}>
      <PageHeader
        title={t("parts.storage")}
        subtitle={
          data && (
            <>
              {t("storage.tablesShown", { count: data.tables.length })}
              {" · "}
              {t("storage.kinds", { count: data.indexes.length + data.more_indexes })}
              {spare !== undefined && spare > 0 && (
                <>
                  {" · "}
                  {t("storage.canGo", { size: format.bytes(spare) })}
                </>
              )}
            </>
          )
        }
      >
        <HealthParts />
      </PageHeader>
      <div className={classes.toolbar}>
        <SegmentedControl
          aria-label={t("storage.view.label")}
          value={view}
          onChange={(value) => setView(value as View)}
          data={views.map((value) => ({ value, label: t(`storage.view.${value}`) }))}
        />
        <span className={classes.space} />
        <Button
          leftSection={<IconRefresh size={15} />}
          loading={read.isFetching}
          onClick={() => void read.refetch()}
        >
          {t("again")}
        </Button>
      </div>
      <div className={classes.content}>
        {read.isPending && <GridSkeleton columns={[]} />}
        {read.error && !data && (
          <div className={classes.failure}>
            <ErrorView error={read.error} title={t("failed")} onRetry={() => void read.refetch()} />
          </div>
        )}
        {data && view === "tables" && (
          <div className={classes.main}>
            <TablesView storage={data} />
          </div>
        )}
        {data && view === "indexes" && <IndexesView storage={data} notes={<IndexNotes data={data} />} />}
        {data && view === "bloat" && (
          <div className={classes.main}>
            <BloatGrid storage={data} />
            <ul className={classes.notes}>
              <li>
                <Sign tone="info" />
                {t("storage.estimate")}
              </li>
            </ul>
          </div>
        )}
      </div>
    </div>
  );
}

/** What the verdicts rest on. */
function IndexNotes({ data }: { data: Storage }) {
  const { t } = useTranslation("watch");
  const format = useFormat();
  const when = format.dateTime(data.since);
  return (
    <ul className={classes.notes}>
      <li>
        <Sign tone={data.long_enough ? "info" : "warn"} />
        {t("storage.fleet", { tenants: format.number(data.tenants) })}{" "}
        {t(data.since_start ? "storage.sinceStart" : "storage.since", { when })}
      </li>
      {data.standbys !== "none" && (
        <li>
          <Sign tone="warn" />
          {t(`storage.standbys.${data.standbys}`)}
        </li>
      )}
      {data.more_indexes > 0 && (
        <li>
          <Sign tone="info" />
          {t("storage.moreKinds", { count: data.more_indexes })}
        </li>
      )}
    </ul>
  );
}
