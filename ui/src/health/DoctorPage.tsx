import { Button, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconCircleCheck, IconFilterOff, IconRefresh, IconTool } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { doctorPartsQueryOptions, doctorQueryOptions } from "../api/doctor";
import { settingsQueryOptions } from "../api/settings";
import type { DoctorCheck, DoctorFinding, DoctorReport } from "../api/types";
import { EmptyState } from "../components/empty/EmptyState";
import { ErrorView } from "../components/error/ErrorView";
import { Pane } from "../components/error/Pane";
import { RelativeTime } from "../components/figures/RelativeTime";
import { FilterMenu } from "../components/filter/FilterMenu";
import { DataGrid } from "../components/grid/DataGrid";
import { useGridModel } from "../components/grid/useGridModel";
import { PageHeader } from "../components/page/PageHeader";
import { SearchField } from "../components/search/SearchField";
import { useFormat } from "../i18n/format";
import { fold, matcher } from "../tenants/search";
import { useRefusal } from "../tenants/useRefusal";
import { CheckList, NotChecked } from "./CheckList";
import { findingColumns } from "./columns";
import classes from "./DoctorPage.module.css";
import { FindingPanel } from "./FindingPanel";
import { HealthParts } from "./HealthParts";
import { RepairDialog } from "./RepairDialog";
import { checks, findingText, levels } from "./words";

const none: DoctorFinding[] = [];
const nothingYet: DoctorReport = {
  findings: none,
  checks_run: [],
  not_checked: [],
  tenants: 0,
  examined_at: "",
  duration_ms: 0,
};
/** How many checks are over: run, or left out. */
const overIn = (report: DoctorReport = nothingYet) =>
  new Set([...report.checks_run, ...report.not_checked].map((one) => one.check)).size;
const idOf = (finding: DoctorFinding) => finding.id;
const nameOf = (finding: DoctorFinding) => finding.message;

/** The place "health": what is wrong with the database, why it matters, and the repair. */
export function DoctorPage() {
  const { t } = useTranslation(["health", "common"]);
  const format = useFormat();
  const report = useQuery(doctorQueryOptions());
  const { data: parts } = useQuery(doctorPartsQueryOptions());
  const { data: settings } = useQuery(settingsQueryOptions());
  const narrow = useMediaQuery("(max-width: 1440px)") ?? false;
  const refusal = useRefusal();
  const [check, setCheck] = useState<DoctorCheck | null>(null);
  const [level, setLevel] = useState<ReadonlySet<string>>(new Set());
  const [search, setSearch] = useState("");
  const words = useDeferredValue(search);
  const [chosen, setChosen] = useState<string | null>(null);
  const [repairing, setRepairing] = useState<readonly string[] | null>(null);

  const running = report.isPending;
  // What is known already is worth more than an empty page: the checks come one after the other.
  const known = report.data ?? (running ? (parts ?? nothingYet) : undefined);
  const findings = known?.findings ?? none;
  const done = overIn(known);
  const visible = useMemo(() => {
    const fits = matcher(words);
    const text = (finding: DoctorFinding) =>
      fold(`${finding.schema ?? ""} ${finding.object} ${findingText(t, format, finding)}`);
    return findings.filter(
      (finding) =>
        (check === null || finding.check === check) &&
        (level.size === 0 || level.has(finding.level)) &&
        (words === "" || fits(text(finding))),
    );
  }, [findings, check, level, words, t, format]);
  const columns = useMemo(() => findingColumns(t, format, narrow), [t, format, narrow]);
  const model = useGridModel("doctor", columns, visible, { id: "level", desc: false });
  const shown = visible.find((finding) => finding.id === chosen) ?? model.rows[0];
  const fixable = running ? none : visible.filter((finding) => finding.fixable);
  const reset = () => {
    setCheck(null);
    setLevel(new Set());
    setSearch("");
  };

  return (
    <div className={classes.page}>
      <PageHeader
        title={t("health:title")}
        subtitle={
          running
            ? t("health:progress", { done, all: checks.length })
            : report.data && (
                <>
                  {t("health:findings", { count: findings.length })}
                  {" · "}
                  {t("health:tenants", { count: report.data.tenants })}
                  {" · "}
                  <RelativeTime value={report.data.examined_at} />
                </>
              )
        }
      >
        <HealthParts />
      </PageHeader>
      <div className={classes.toolbar}>
        {findings.length > 0 && (
          <search className={classes.filters}>
            <SearchField label={t("health:search")} value={search} onChange={setSearch} width={260} />
            <FilterMenu
              label={t("health:level.label")}
              all={t("health:level.all")}
              options={levels.map((value) => ({
                value,
                label: t(`health:level.${value}`),
                count: findings.filter((finding) => finding.level === value).length,
              }))}
              selected={level}
              onChange={setLevel}
            />
          </search>
        )}
        <span className={classes.space} />
        {fixable.length > 0 && (
          <Tooltip label={refusal} disabled={refusal === null}>
            <Button
              leftSection={<IconTool size={15} />}
              data-disabled={refusal !== null || undefined}
              aria-disabled={refusal !== null || undefined}
              onClick={() => refusal === null && setRepairing(fixable.map(idOf))}
            >
              {t("health:repair.many", { count: fixable.length })}
            </Button>
          </Tooltip>
        )}
        <Button
          leftSection={<IconRefresh size={15} />}
          loading={report.isFetching}
          onClick={() => void report.refetch()}
        >
          {t("health:again")}
        </Button>
      </div>
      <div className={classes.content}>
        {report.error && !report.data && (
          <div className={classes.failure}>
            <ErrorView
              error={report.error}
              title={t("health:failed")}
              onRetry={() => void report.refetch()}
            />
          </div>
        )}
        {report.data && findings.length === 0 && (
          <div className={classes.main}>
            <Nothing report={report.data} />
          </div>
        )}
        {known && (running || findings.length > 0) && (
          <>
            <CheckList report={known} running={running} chosen={check} onChoose={setCheck} />
            <div className={classes.main}>
              <DataGrid
                model={model}
                label={t("health:list")}
                rowId={idOf}
                rowName={nameOf}
                dense={settings?.dense ?? true}
                onOpen={(finding) => setChosen(finding.id)}
                empty={
                  findings.length === 0 ? (
                    <EmptyState title={t("health:examining")}>
                      <p role="status">{t("health:progress", { done, all: checks.length })}</p>
                    </EmptyState>
                  ) : (
                    <EmptyState
                      icon={<IconFilterOff size={36} stroke={1.3} />}
                      title={t(
                        check !== null && level.size === 0 && words === ""
                          ? "health:nothing.here"
                          : "health:nothing.filtered",
                      )}
                      action={<Button onClick={reset}>{t("health:nothing.reset")}</Button>}
                    />
                  )
                }
              />
            </div>
            {shown && (
              <Pane resetKey={shown.id}>
                <FindingPanel
                  key={shown.id}
                  finding={shown}
                  running={running}
                  onRepair={() => setRepairing([shown.id])}
                />
              </Pane>
            )}
          </>
        )}
      </div>
      {repairing && <RepairDialog findings={repairing} onClose={() => setRepairing(null)} />}
    </div>
  );
}

/** Nothing was found: says what was looked at and when, and what was not. */
function Nothing({ report }: { report: DoctorReport }) {
  const { t } = useTranslation(["health", "common"]);
  const format = useFormat();
  return (
    <EmptyState icon={<IconCircleCheck size={40} stroke={1.3} />} title={t("health:nothing.title")}>
      <p>
        {t("health:nothing.text", {
          checks: t("health:checks", { count: report.checks_run.length }),
          tenants: t("health:tenants", { count: report.tenants }),
          when: format.dateTime(report.examined_at),
        })}
      </p>
      {report.not_checked.length > 0 && (
        <div className={classes.quiet}>
          <h2>{t("health:notChecked.title")}</h2>
          <NotChecked report={report} />
        </div>
      )}
    </EmptyState>
  );
}
