import { useQuery } from "@tanstack/react-query";
import { type ReactNode, type RefObject, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { limitsQueryOptions } from "../api/history";
import { classesQueryOptions } from "../api/structure";
import type { TenantSummary } from "../api/types";
import type { Selection } from "../components/grid/useSelection";
import { useGrowth } from "../history/useGrowth";
import { useFormat } from "../i18n/format";
import { ChoiceSelect } from "./ChoiceSelect";
import { arrange, type Parcel } from "./category";
import { areas, hues, type MapChoices } from "./choices";
import { colour } from "./colouring";
import { FleetTable } from "./FleetTable";
import { ParcelMap } from "./ParcelMap";
import classes from "./ParcelMap.module.css";
import { TablesMap } from "./TablesMap";
import { TenantTip } from "./TenantTip";

type FleetMapProps = {
  /** The tenants that the filters let through. */
  tenants: readonly TenantSummary[];
  choices: MapChoices;
  onChoose: (change: Partial<MapChoices>) => void;
  selected: Selection;
  onSelect: (selected: Selection) => void;
  onOpen: (schema: string) => void;
  onOpenTable: (schema: string, table: string) => void;
  dense: boolean;
  empty: ReactNode;
  focusRef: RefObject<HTMLDivElement | null>;
};

/** A parcel that is a tenant. */
type TenantParcel = Parcel & { tenant: TenantSummary };

const noLimits: ReadonlyMap<string, number> = new Map();
const noOptions = { column_order: false, grants: false };

/** The plan cadastral: one parcel per tenant, as large as its data, coloured by what is asked. */
export function FleetMap(props: FleetMapProps) {
  const { tenants, choices, onChoose, selected, onSelect, onOpen, onOpenTable, dense, empty, focusRef } =
    props;
  const { area, asTable } = choices;
  const { t } = useTranslation(["parcels", "common"]);
  const format = useFormat();
  const [inside, setInside] = useState<string | null>(null);
  /** The parcel that somebody came out of: the keyboard goes on there. */
  const [left, setLeft] = useState<string | null>(null);
  const [now] = useState(() => Date.now());

  const { data: limits = noLimits } = useQuery(limitsQueryOptions());
  // Without any quota there is nothing to see of them.
  const offered = hues.filter((value) => value !== "quota" || limits.size > 0);
  const hue = offered.includes(choices.hue) ? choices.hue : "state";
  const structures = useQuery({ ...classesQueryOptions(null, noOptions), enabled: hue === "shape" });
  const growth = useGrowth(hue === "growth");
  const colouring = useMemo(
    () =>
      colour(hue, t, tenants, { classes: structures.data?.classes, growth: growth.bySchema, limits, now }),
    [hue, t, tenants, structures.data, growth.bySchema, limits, now],
  );
  const parcels = useMemo(
    () =>
      arrange<TenantParcel>(
        tenants.map((tenant) => ({
          id: tenant.schema,
          name: tenant.name,
          value: area === "size" ? tenant.size_bytes : tenant.rows,
          figure: area === "size" ? format.bytes(tenant.size_bytes) : format.number(tenant.rows),
          category: colouring.of(tenant),
          tenant,
        })),
      ),
    [tenants, area, colouring, format],
  );
  const entered = inside === null ? undefined : tenants.find((tenant) => tenant.schema === inside);
  const title = t("parcels:title", { area: t(`parcels:by.${area}`), hue: t(`parcels:by.${hue}`) });
  const areaSelect = (
    <ChoiceSelect
      label={t("parcels:area")}
      value={area}
      width={104}
      options={areas.map((value) => ({ value, label: t(`parcels:areas.${value}`) }))}
      onChange={(value) => onChoose({ area: value })}
    />
  );
  if (entered) {
    return (
      <TablesMap
        tenant={entered}
        area={area}
        areaSelect={areaSelect}
        asTable={asTable}
        onAsTable={(shown) => onChoose({ asTable: shown })}
        dense={dense}
        onOpen={(table) => onOpenTable(entered.schema, table)}
        onLeave={() => {
          setLeft(entered.schema);
          setInside(null);
        }}
      />
    );
  }
  const categoryOf = (parcel: Parcel) => colouring.categories[parcel.category];
  const tenantOf = (parcel: Parcel) => (parcel as TenantParcel).tenant;
  return (
    <ParcelMap
      title={title}
      label={t("parcels:label", { title, count: parcels.length })}
      legendLabel={t(`parcels:hues.${hue}`)}
      controls={
        <>
          {areaSelect}
          <ChoiceSelect
            label={t("parcels:hue")}
            value={hue}
            width={158}
            options={offered.map((value) => ({ value, label: t(`parcels:hues.${value}`) }))}
            onChange={(value) => onChoose({ hue: value })}
          />
          {hue === "shape" && structures.isFetching && (
            <span role="status" className={classes.waiting}>
              {t("parcels:shape.reading")}
            </span>
          )}
          {hue === "growth" && growth.loaded && (
            <span className={classes.waiting}>
              {growth.days === null
                ? t("parcels:growth.none")
                : t("parcels:growth.period", { days: format.number(growth.days) })}
            </span>
          )}
        </>
      }
      parcels={parcels}
      categories={colouring.categories}
      selected={selected}
      onSelect={onSelect}
      onOpen={(parcel) => onOpen(parcel.id)}
      onEnter={(parcel) => setInside(parcel.id)}
      startAt={left ?? undefined}
      autoFocus={left !== null}
      detail={(parcel) => (
        <TenantTip
          tenant={tenantOf(parcel)}
          hue={hue}
          growth={growth.bySchema.get(parcel.id)}
          category={categoryOf(parcel)}
        />
      )}
      sentence={(parcel) => [parcel.name, parcel.figure, categoryOf(parcel)?.label].join(", ")}
      asTable={asTable}
      onAsTable={(shown) => onChoose({ asTable: shown })}
      table={
        <FleetTable
          label={title}
          area={area}
          hue={hue}
          parcels={parcels}
          categories={colouring.categories}
          dense={dense}
          selected={selected}
          onSelect={onSelect}
          onOpen={onOpen}
        />
      }
      empty={empty}
      focusRef={focusRef}
    />
  );
}
