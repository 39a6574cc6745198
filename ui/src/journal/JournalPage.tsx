import { Button, Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconFilterOff, IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { journalPagesQueryOptions } from "../api/journal";
import { settingsQueryOptions } from "../api/settings";
import type { JournalEntry } from "../api/types";
import { EmptyState } from "../components/empty/EmptyState";
import { ErrorView } from "../components/error/ErrorView";
import { Pane } from "../components/error/Pane";
import { DataGrid } from "../components/grid/DataGrid";
import { GridSkeleton } from "../components/grid/GridSkeleton";
import { useGridModel } from "../components/grid/useGridModel";
import { PageHeader } from "../components/page/PageHeader";
import { SearchField } from "../components/search/SearchField";
import { useFormat } from "../i18n/format";
import { journalColumns } from "./columns";
import { EntryPanel } from "./EntryPanel";
import classes from "./JournalPage.module.css";
import { JournalParts } from "./JournalParts";
import { operations, operationWord, outcomes } from "./words";

const pageSize = 200;
const idOf = (entry: JournalEntry) => String(entry.number);

/** The place "journal": who did what, when, where, and how it ended. */
export function JournalPage() {
  const { t } = useTranslation("journal");
  const { t: common } = useTranslation("common");
  const format = useFormat();
  const [operation, setOperation] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<string | null>(null);
  const [search, setSearch] = useState("");
  const [words] = useDebouncedValue(search.trim(), 250);
  const [openedNumber, setOpened] = useState<number | null>(null);
  const { data: settings } = useQuery(settingsQueryOptions());
  const grid = useRef<HTMLDivElement>(null);
  const pages = useInfiniteQuery(
    journalPagesQueryOptions({ operation, outcome, search: words === "" ? null : words, limit: pageSize }),
  );
  const entries = useMemo(() => pages.data?.pages.flat() ?? [], [pages.data]);
  const columns = useMemo(() => journalColumns(t, common, format), [t, common, format]);
  const model = useGridModel("journal", columns, entries);
  const opened = entries.find((entry) => entry.number === openedNumber);
  const filtered = operation !== null || outcome !== null || words !== "";
  const reset = () => {
    setOperation(null);
    setOutcome(null);
    setSearch("");
  };

  return (
    <div className={classes.page}>
      <PageHeader title={t("title")} subtitle={t("subtitle")}>
        <JournalParts />
      </PageHeader>
      <search className={classes.toolbar}>
        <SearchField
          label={t("search")}
          value={search}
          onChange={setSearch}
          onLeave={() => grid.current?.focus()}
        />
        <Select
          size="xs"
          aria-label={t("filter.operation")}
          placeholder={t("filter.anyOperation")}
          value={operation}
          onChange={setOperation}
          clearable
          data={operations.map((one) => ({ value: one, label: operationWord(t, one) }))}
          w={210}
        />
        <Select
          size="xs"
          aria-label={t("filter.outcome")}
          placeholder={t("filter.anyOutcome")}
          value={outcome}
          onChange={setOutcome}
          clearable
          data={outcomes.map((one) => ({ value: one, label: common(`state.${one}`) }))}
          w={160}
        />
      </search>
      <div className={classes.content}>
        {pages.isPending && <GridSkeleton columns={columns} />}
        {pages.error && !pages.data && (
          <div className={classes.failure}>
            <ErrorView error={pages.error} title={t("failed")} onRetry={() => void pages.refetch()} />
          </div>
        )}
        {pages.data && (
          <div className={classes.main}>
            <DataGrid
              model={model}
              label={t("title")}
              rowId={idOf}
              dense={settings?.dense ?? true}
              onOpen={(entry) => setOpened(entry.number)}
              focusRef={grid}
              empty={
                filtered ? (
                  <EmptyState
                    icon={<IconFilterOff size={36} stroke={1.3} />}
                    title={t("nothing.filtered")}
                    action={<Button onClick={reset}>{t("nothing.reset")}</Button>}
                  />
                ) : (
                  <EmptyState icon={<IconHistory size={36} stroke={1.3} />} title={t("nothing.title")}>
                    {t("nothing.text")}
                  </EmptyState>
                )
              }
            />
            <div className={classes.foot}>
              <span className={classes.dim} role="status">
                {t("shown", { count: entries.length })}
              </span>
              {pages.hasNextPage && (
                <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                  {t("older")}
                </Button>
              )}
            </div>
          </div>
        )}
        {opened && (
          <Pane resetKey={idOf(opened)}>
            <EntryPanel
              key={opened.number}
              entry={opened}
              onClose={() => {
                setOpened(null);
                grid.current?.focus();
              }}
            />
          </Pane>
        )}
      </div>
    </div>
  );
}
