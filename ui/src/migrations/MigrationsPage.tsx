import { Button, SegmentedControl } from "@mantine/core";
import { IconFilterOff, IconStack2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { migrationStatusQueryOptions } from "../api/migrations";
import { settingsQueryOptions } from "../api/settings";
import { EmptyState } from "../components/empty/EmptyState";
import { ErrorView } from "../components/error/ErrorView";
import { Pane } from "../components/error/Pane";
import { PageHeader } from "../components/page/PageHeader";
import { SearchField } from "../components/search/SearchField";
import { matcher } from "../tenants/search";
import { useTenantSelection } from "../tenants/selection";
import { Legend } from "./Legend";
import { MatrixGrid } from "./MatrixGrid";
import { MatrixSkeleton } from "./MatrixSkeleton";
import { MigrationActions } from "./MigrationActions";
import { MigrationPanel } from "./MigrationPanel";
import classes from "./MigrationsPage.module.css";
import { countStandings, createMatrix, type Matrix, type MatrixColumn, type MatrixRow } from "./matrix";
import { SourceChooser } from "./SourceChooser";
import { useMigrationSource } from "./source";

type Shown = "all" | "behind" | "problem";
const noMatrix: Matrix = { columns: [], rows: [] };

/** The place "migrations": who is where, what is pending, and the way forward. */
export function MigrationsPage() {
  const { t } = useTranslation(["migrations", "common", "tenants"]);
  const navigate = useNavigate();
  const { source, ready, choose, templates } = useMigrationSource();
  const status = useQuery(migrationStatusQueryOptions(source ?? ""));
  const { data: settings } = useQuery(settingsQueryOptions());
  const [shown, setShown] = useState<Shown>("all");
  const [search, setSearch] = useState("");
  const words = useDeferredValue(search);
  const [selected, select] = useTenantSelection();
  const [opened, setOpened] = useState<{ column: MatrixColumn; row: MatrixRow | null } | null>(null);

  const matrix = useMemo(() => (status.data ? createMatrix(status.data) : noMatrix), [status.data]);
  const counts = useMemo(() => countStandings(matrix.rows), [matrix]);
  const rows = useMemo(() => {
    const fits = matcher(words);
    return matrix.rows.filter(
      ({ tenant, standing, text }) =>
        (shown === "all" ||
          (shown === "problem"
            ? standing === "problem"
            : standing !== "noHistory" && tenant.pending.length > 0)) &&
        (words === "" || fits(text)),
    );
  }, [matrix, shown, words]);
  const chosen = useMemo(
    () => matrix.rows.filter(({ tenant }) => selected.has(tenant.schema)),
    [matrix, selected],
  );
  const reset = () => {
    setShown("all");
    setSearch("");
  };

  return (
    <div className={classes.page}>
      <PageHeader
        title={t("migrations:title")}
        subtitle={
          status.data &&
          [
            t("migrations:summary.current", { count: counts.current }),
            t("migrations:summary.behind", { count: counts.behind }),
            counts.problem > 0 ? t("migrations:summary.problem", { count: counts.problem }) : null,
            counts.noHistory > 0 ? t("migrations:summary.noHistory", { count: counts.noHistory }) : null,
          ]
            .filter((part) => part !== null)
            .join(" · ")
        }
      >
        <MigrationActions rows={matrix.rows} chosen={chosen} source={source} />
      </PageHeader>
      <search className={classes.toolbar}>
        <SourceChooser source={source} templates={templates} onChoose={choose} />
        <SearchField label={t("tenants:search")} value={search} onChange={setSearch} width={210} />
        <SegmentedControl
          aria-label={t("migrations:show.label")}
          value={shown}
          onChange={(value) => setShown(value as Shown)}
          data={(["all", "behind", "problem"] as const).map((value) => ({
            value,
            label: t(`migrations:show.${value}`),
          }))}
        />
      </search>
      <div className={classes.content}>
        {ready && source === null && (
          <EmptyState icon={<IconStack2 size={36} stroke={1.3} />} title={t("migrations:empty.source")}>
            {t("migrations:empty.sourceText")}
          </EmptyState>
        )}
        {status.isLoading && <MatrixSkeleton />}
        {status.error && !status.data && (
          <div className={classes.failure}>
            <ErrorView
              error={status.error}
              title={t("migrations:failed")}
              onRetry={() => void status.refetch()}
            />
          </div>
        )}
        {status.data && matrix.columns.length === 0 && (
          <EmptyState icon={<IconStack2 size={36} stroke={1.3} />} title={t("migrations:empty.files")}>
            {t("migrations:empty.filesText")}
          </EmptyState>
        )}
        {status.data && matrix.columns.length > 0 && matrix.rows.length === 0 && (
          <EmptyState icon={<IconStack2 size={36} stroke={1.3} />} title={t("migrations:empty.tenants")}>
            {t("migrations:empty.tenantsText")}
          </EmptyState>
        )}
        {matrix.columns.length > 0 && matrix.rows.length > 0 && (
          <>
            <div className={classes.main}>
              {rows.length > 0 ? (
                <MatrixGrid
                  columns={matrix.columns}
                  rows={rows}
                  dense={settings?.dense ?? true}
                  compact={opened !== null}
                  selected={selected}
                  onSelect={select}
                  onOpen={(column, row) => setOpened({ column, row })}
                  onOpenTenant={({ tenant }) =>
                    void navigate({ to: "/tenants/$schema", params: { schema: tenant.schema } })
                  }
                />
              ) : (
                <EmptyState
                  icon={<IconFilterOff size={36} stroke={1.3} />}
                  title={t("migrations:empty.filtered")}
                  action={<Button onClick={reset}>{t("tenants:filter.reset")}</Button>}
                />
              )}
              <div className={classes.foot}>
                <Legend rows={matrix.rows} />
                <span className={classes.space} />
                {chosen.length > 0 && (
                  <>
                    <b role="status">{t("tenants:selected", { count: chosen.length })}</b>
                    <Button variant="subtle" color="gray" onClick={() => select(new Set())}>
                      {t("tenants:action.clear")}
                    </Button>
                  </>
                )}
              </div>
            </div>
            {opened && (
              <Pane resetKey={String(opened.column.version)}>
                <MigrationPanel {...opened} rows={matrix.rows} onClose={() => setOpened(null)} />
              </Pane>
            )}
          </>
        )}
      </div>
    </div>
  );
}
