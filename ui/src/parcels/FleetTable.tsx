import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Percent } from "../components/figures/Figure";
import type { GridColumn } from "../components/grid/columns";
import { DataGrid } from "../components/grid/DataGrid";
import { useGridModel } from "../components/grid/useGridModel";
import type { Selection } from "../components/grid/useSelection";
import type { Category, Parcel } from "./category";
import type { Area, Hue } from "./choices";
import { Swatch } from "./ParcelLegend";
import classes from "./ParcelMap.module.css";

type FleetTableProps = {
  label: string;
  area: Area;
  hue: Hue | "dead";
  parcels: Parcel[];
  categories: readonly Category[];
  dense: boolean;
  selected?: Selection;
  onSelect?: (selected: Selection) => void;
  onOpen: (id: string) => void;
};

const idOf = (parcel: Parcel) => parcel.id;
const nameOf = (parcel: Parcel) => parcel.name;

/** The map as a table: what each parcel is, how large, and what its colour says. */
export function FleetTable(props: FleetTableProps) {
  const { label, area, hue, parcels, categories, dense, selected, onSelect, onOpen } = props;
  const { t } = useTranslation(["parcels", "tenants"]);
  const columns = useMemo<GridColumn<Parcel>[]>(() => {
    const total = parcels.reduce((sum, parcel) => sum + Math.max(0, parcel.value), 0);
    return [
      {
        id: "name",
        header: t("tenants:column.name"),
        value: (parcel) => parcel.name,
        render: (parcel) => <bdi title={parcel.id}>{parcel.name}</bdi>,
        width: 220,
        grow: 3,
        hideable: false,
        opens: true,
      },
      {
        id: "value",
        header: t(`parcels:areas.${area}`),
        value: (parcel) => parcel.value,
        render: (parcel) => <span className="tabular">{parcel.figure}</span>,
        align: "end",
        width: 110,
      },
      {
        id: "share",
        header: t("parcels:share"),
        value: (parcel) => (total > 0 ? parcel.value / total : null),
        render: (parcel) => <Percent value={total > 0 ? parcel.value / total : null} />,
        align: "end",
        width: 90,
      },
      {
        id: "category",
        header: t(`parcels:hues.${hue}`),
        value: (parcel) => categories[parcel.category]?.label ?? "",
        render: (parcel) => <CategoryCell category={categories[parcel.category]} />,
        width: 180,
        grow: 1,
      },
    ];
  }, [parcels, categories, area, hue, t]);
  const model = useGridModel("parcels", columns, parcels, { id: "value", desc: true });
  return (
    <DataGrid
      model={model}
      label={label}
      rowId={idOf}
      rowName={nameOf}
      dense={dense}
      selected={selected}
      onSelect={onSelect}
      onOpen={(parcel) => onOpen(parcel.id)}
    />
  );
}

function CategoryCell({ category }: { category: Category | undefined }) {
  if (!category) return null;
  return (
    <span className={classes.tipCategory}>
      <Swatch category={category} />
      {category.label}
    </span>
  );
}
