import { SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconBuildingCommunity } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { settingsQueryOptions } from "../api/settings";
import type { AdoptionPicture } from "../api/types";
import { EmptyState } from "../components/empty/EmptyState";
import { Figure, Unknown } from "../components/figures/Figure";
import type { GridColumn } from "../components/grid/columns";
import { DataGrid } from "../components/grid/DataGrid";
import { GridSkeleton } from "../components/grid/GridSkeleton";
import { useGridModel } from "../components/grid/useGridModel";
import { useFormat } from "../i18n/format";
import classes from "./AdoptionPage.module.css";
import { type Line, orphanLine, schemaLine } from "./words";

const views = ["tenants", "left_out", "registry_only", "schema_only"] as const;
type View = (typeof views)[number];
const none: Line[] = [];
const schemaOf = (line: Line) => line.schema;

/** What the rules come to, before anything is kept. */
export function Preview({ picture }: { picture: AdoptionPicture | undefined }) {
  const { t } = useTranslation(["adoption", "common"]);
  const format = useFormat();
  const { data: settings } = useQuery(settingsQueryOptions());
  const narrow = useMediaQuery("(max-width: 1320px)") ?? false;
  const [view, setView] = useState<View>("tenants");
  const lines = useMemo(() => {
    if (!picture) return none;
    if (view === "registry_only") return picture.registry_only.map((one) => orphanLine(t, one, true));
    if (view === "schema_only") return picture.schema_only.map((one) => orphanLine(t, one, false));
    return picture[view].map((line) => schemaLine(t, line));
  }, [picture, view, t]);
  const columns = useMemo(
    (): GridColumn<Line>[] => [
      {
        id: "schema",
        header: t("adoption:column.schema"),
        value: schemaOf,
        render: ({ schema }) => <span title={schema}>{schema}</span>,
        width: narrow ? 108 : 140,
        grow: 2,
        code: true,
        hideable: false,
      },
      {
        id: "name",
        header: t("adoption:column.name"),
        value: ({ name }) => name,
        render: ({ name }) => <bdi title={name}>{name}</bdi>,
        width: narrow ? 108 : 140,
        grow: 2,
      },
      {
        id: "domain",
        header: t("adoption:column.domain"),
        value: ({ domain }) => domain,
        render: ({ domain }) => (domain === null ? <Unknown /> : <span title={domain}>{domain}</span>),
        width: 130,
        grow: 1,
        hidden: narrow,
      },
      {
        id: "tables",
        header: t("adoption:column.tables"),
        value: ({ tables }) => tables,
        render: ({ tables }) => <Figure value={tables} />,
        width: 66,
        align: "end",
      },
      {
        id: "why",
        header: t("adoption:column.why"),
        value: ({ why }) => why,
        render: ({ why }) => <span title={why}>{why}</span>,
        width: narrow ? 130 : 160,
        grow: 2,
      },
    ],
    [t, narrow],
  );
  const model = useGridModel("adoption", columns, lines, { id: "schema", desc: false });
  if (!picture) return <GridSkeleton columns={columns} />;
  return (
    <>
      <div className={classes.views}>
        <SegmentedControl
          aria-label={t("adoption:view.label")}
          value={view}
          onChange={(value) => setView(value as View)}
          data={views.map((value) => ({
            value,
            label: t(`adoption:view.${value}`, { number: format.number(picture[value].length) }),
          }))}
        />
        <span className={classes.explain}>{t(`adoption:explain.${view}`)}</span>
      </div>
      <DataGrid
        model={model}
        label={t("adoption:title")}
        rowId={schemaOf}
        dense={settings?.dense ?? true}
        empty={
          <EmptyState
            icon={<IconBuildingCommunity size={36} stroke={1.3} />}
            title={t("adoption:nothing.title")}
          >
            {view === "tenants" && t("adoption:nothing.tenants")}
          </EmptyState>
        }
      />
    </>
  );
}
