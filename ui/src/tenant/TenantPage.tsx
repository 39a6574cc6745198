import { Skeleton, Tabs } from "@mantine/core";
import { IconChevronLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { isCode } from "../api/error";
import { tenantQueryOptions } from "../api/tenants";
import { ErrorView } from "../components/error/ErrorView";
import { Pane } from "../components/error/Pane";
import { PageHeader } from "../components/page/PageHeader";
import { EntryTab } from "../life/EntryTab";
import { GoneTenant } from "../quarantine/GoneTenant";
import { EnumsTab } from "./EnumsTab";
import { OverviewTab } from "./OverviewTab";
import { RowsTab } from "./rows/RowsTab";
import { StructureTab } from "./structure/StructureTab";
import { TablesTab } from "./TablesTab";
import { TenantHeaderActions } from "./TenantHeaderActions";
import { TenantJournalTab } from "./TenantJournalTab";
import classes from "./TenantPage.module.css";
import { type TenantTab, tenantTabs } from "./tabs";

/** One tenant: what it is, what it holds, what was done to it. */
export function TenantPage() {
  const { t } = useTranslation("tenant");
  const { schema } = useParams({ from: "/frame/database/tenants/$schema" });
  const { tab = "overview", table } = useSearch({ from: "/frame/database/tenants/$schema" });
  const navigate = useNavigate();
  const tenant = useQuery(tenantQueryOptions(schema));
  const show = (next: TenantTab, of?: string) =>
    void navigate({ to: "/tenants/$schema", params: { schema }, search: { tab: next, table: of ?? table } });
  const back = (
    <Link to="/tenants" className={classes.back} aria-label={t("back")} title={t("back")}>
      <IconChevronLeft size={17} aria-hidden="true" />
    </Link>
  );

  if (isCode(tenant.error, "tenant_missing")) {
    return (
      <>
        <PageHeader title={tenant.data?.name ?? schema} before={back} />
        <GoneTenant schema={schema} error={tenant.error} onRetry={() => void tenant.refetch()} />
      </>
    );
  }
  if (tenant.error && !tenant.data) {
    return (
      <>
        <PageHeader title={schema} before={back} />
        <div className={classes.failure}>
          <ErrorView error={tenant.error} title={t("failed")} onRetry={() => void tenant.refetch()} />
        </div>
      </>
    );
  }
  const detail = tenant.data;
  return (
    <div className={classes.page}>
      <PageHeader
        title={<bdi title={detail?.name}>{detail?.name ?? schema}</bdi>}
        subtitle={<code title={schema}>{schema}</code>}
        before={back}
      >
        {detail && <TenantHeaderActions tenant={detail} />}
      </PageHeader>
      <Tabs
        className={classes.tabs}
        value={tab}
        onChange={(value) => show((value as TenantTab | null) ?? "overview")}
        keepMounted={false}
      >
        <Tabs.List className={classes.list}>
          {tenantTabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {/* The space parts the name from the number where both are spoken. */}
              {t(`tab.${name}`)}{" "}
              {name === "tables" && detail && <span className={classes.count}>{detail.tables.length}</span>}
              {name === "enums" && detail && <span className={classes.count}>{detail.enums.length}</span>}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tenantTabs.map((name) => (
          <Tabs.Panel key={name} value={name} className={classes.panel}>
            <Pane resetKey={`${schema} ${name}`}>
              {!detail && <Waiting />}
              {detail && name === "overview" && (
                <OverviewTab tenant={detail} onTable={(of) => show("structure", of)} />
              )}
              {detail && name === "tables" && (
                <TablesTab tenant={detail} onTable={(of) => show("structure", of)} />
              )}
              {detail && name === "structure" && (
                <StructureTab
                  tenant={detail}
                  table={table}
                  onTable={(of) => show("structure", of)}
                  onRows={(of) => show("rows", of)}
                />
              )}
              {detail && name === "rows" && (
                <RowsTab tenant={detail} table={table} onTable={(of) => show("rows", of)} />
              )}
              {detail && name === "enums" && <EnumsTab enums={detail.enums} />}
              {detail && name === "entry" && <EntryTab tenant={detail} />}
              {detail && name === "journal" && <TenantJournalTab schema={schema} />}
            </Pane>
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}

function Waiting() {
  return (
    <div className={classes.waiting} aria-hidden="true">
      <Skeleton height={74} />
      <Skeleton height={260} />
    </div>
  );
}
