import { Button } from "@mantine/core";
import { IconChartBar, IconFilterOff, IconRefresh, IconTool } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { settingsQueryOptions } from "../../api/settings";
import type { QueryFigures, SlowQueries, StatementsMissing } from "../../api/types";
import { slowQueriesQueryOptions } from "../../api/watch";
import { CopyButton } from "../../components/copy/CopyButton";
import { EmptyState } from "../../components/empty/EmptyState";
import { ErrorView } from "../../components/error/ErrorView";
import { DataGrid } from "../../components/grid/DataGrid";
import { GridSkeleton } from "../../components/grid/GridSkeleton";
import { useGridModel } from "../../components/grid/useGridModel";
import { PageHeader } from "../../components/page/PageHeader";
import { SearchField } from "../../components/search/SearchField";
import { SqlView } from "../../components/sql/SqlView";
import { Sign } from "../../components/status/Status";
import { useFormat } from "../../i18n/format";
import { fold, matcher } from "../../tenants/search";
import { HealthParts } from "../HealthParts";
import { QueryPanel } from "./QueryPanel";
import { queryColumns } from "./queryColumns";
import classes from "./Watch.module.css";
import { figure } from "./words";

const none: QueryFigures[] = [];
const idOf = (query: QueryFigures) => `${query.inside} ${query.text}`;
const nameOf = (query: QueryFigures) => query.text;

/** The part "queries" of the place "health": on which statements the time has gone, and what is not known of them. */
export function QueriesPage() {
  const { t } = useTranslation("watch");
  const format = useFormat();
  const read = useQuery(slowQueriesQueryOptions());
  const { data: settings } = useQuery(settingsQueryOptions());
  const [search, setSearch] = useState("");
  const words = useDeferredValue(search);
  const [chosen, setChosen] = useState<string | null>(null);
  const data = read.data;
  const visible = useMemo(() => {
    const fits = matcher(words);
    const text = (query: QueryFigures) =>
      fold(
        `${query.text} ${query.roles.join(" ")} ${query.tenants.map((tenant) => tenant.schema).join(" ")}`,
      );
    return (data?.queries ?? none).filter((query) => words === "" || fits(text(query)));
  }, [data, words]);
  const columns = useMemo(() => queryColumns(t, format), [t, format]);
  const model = useGridModel("queries", columns, visible, { id: "total", desc: true });
  const shown = visible.find((query) => idOf(query) === chosen) ?? model.rows[0];
  const counted = data && data.missing === null;

  return (
    <div className={classes.page}>
      <PageHeader
        title={t("parts.queries")}
        subtitle={
          counted && (
            <>
              {t("queries.total", { time: format.duration(figure(data.total_ms)) })}
              {data.since !== null && ` ${t("queries.since", { when: format.dateTime(data.since) })}`}
            </>
          )
        }
      >
        <HealthParts />
      </PageHeader>
      <search className={classes.toolbar}>
        {counted && data.queries.length > 0 && (
          <SearchField label={t("search")} value={search} onChange={setSearch} width={280} />
        )}
        <span className={classes.space} />
        <Button
          leftSection={<IconRefresh size={15} />}
          loading={read.isFetching}
          onClick={() => void read.refetch()}
        >
          {t("again")}
        </Button>
      </search>
      <div className={classes.content}>
        {read.isPending && <GridSkeleton columns={columns} />}
        {read.error && !data && (
          <div className={classes.failure}>
            <ErrorView error={read.error} title={t("failed")} onRetry={() => void read.refetch()} />
          </div>
        )}
        {data?.missing && <Missing missing={data.missing} />}
        {counted && (
          <>
            <div className={classes.main}>
              <DataGrid
                model={model}
                label={t("queries.list")}
                rowId={idOf}
                rowName={nameOf}
                dense={settings?.dense ?? true}
                onOpen={(query) => setChosen(idOf(query))}
                empty={
                  words === "" ? (
                    <EmptyState icon={<IconChartBar size={36} stroke={1.3} />} title={t("queries.none")}>
                      <p>{t("queries.noneText")}</p>
                    </EmptyState>
                  ) : (
                    <EmptyState
                      icon={<IconFilterOff size={36} stroke={1.3} />}
                      title={t("nothingFits")}
                      action={<Button onClick={() => setSearch("")}>{t("showAll")}</Button>}
                    />
                  )
                }
              />
              <Notes data={data} />
            </div>
            {shown && <QueryPanel query={shown} merged={data.merged} />}
          </>
        )}
      </div>
    </div>
  );
}

/** What the figures cannot say. */
function Notes({ data }: { data: SlowQueries }) {
  const { t } = useTranslation("watch");
  const format = useFormat();
  return (
    <ul className={classes.notes}>
      {figure(data.total_ms) > 0 && (
        <li>
          <Sign tone="info" />
          {t("queries.attributed", {
            share: format.percent(figure(data.attributed_ms) / figure(data.total_ms)),
          })}
        </li>
      )}
      {data.hidden > 0 && (
        <li>
          <Sign tone="warn" />
          {t("queries.hidden", { count: data.hidden, time: format.duration(figure(data.hidden_ms)) })}
        </li>
      )}
      {data.evictions !== null && data.evictions > 0 && (
        <li>
          <Sign tone="warn" />
          {t("queries.evicted", {
            times: format.number(data.evictions),
            capacity: format.number(data.capacity ?? 0),
          })}
        </li>
      )}
      {data.more > 0 && (
        <li>
          <Sign tone="info" />
          {t("queries.more", { count: data.more })}
        </li>
      )}
    </ul>
  );
}

/** Why there are no figures, and the SQL that would change that. */
function Missing({ missing }: { missing: StatementsMissing }) {
  const { t } = useTranslation(["watch", "common"]);
  return (
    <div className={classes.main}>
      <EmptyState
        icon={<IconTool size={40} stroke={1.3} />}
        title={t(`watch:queries.missing.${missing.why}`)}
        action={<CopyButton text={() => missing.sql} label={t("common:sql.copy")} />}
      >
        <div className={classes.missing}>
          <p>{t(`watch:queries.missingText.${missing.why}`)}</p>
          <div className={classes.code}>
            <SqlView text={missing.sql} label={t("watch:queries.missingSql")} />
          </div>
          {missing.restart && <p>{t("watch:queries.restart")}</p>}
        </div>
      </EmptyState>
    </div>
  );
}
