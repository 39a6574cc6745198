import { ActionIcon, Tooltip } from "@mantine/core";
import { IconMap2, IconPhoto, IconTable } from "@tabler/icons-react";
import { type ReactNode, type RefObject, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { announcePicture } from "../components/grid/announce";
import { type Category, countCategories, type Parcel } from "./category";
import { copyMap } from "./copyMap";
import { squarify, visible } from "./layout";
import { ParcelCanvas, type ParcelCanvasProps } from "./ParcelCanvas";
import { ParcelLegend } from "./ParcelLegend";
import classes from "./ParcelMap.module.css";
import { ParcelMenu } from "./ParcelMenu";
import { useCanvasSize } from "./useCanvasSize";

/** The least area of a parcel in square points: less is neither seen nor met. */
const leastArea = 14;

type ParcelMapProps = Omit<
  ParcelCanvasProps,
  "size" | "boxes" | "highlighted" | "onMenu" | "onCopy" | "hostRef" | "help"
> & {
  /** What the areas and colours stand for: the title of a copied picture. */
  title: string;
  /** Where one is, and what is chosen. */
  controls: ReactNode;
  legendLabel: string;
  categories: readonly Category[];
  /** The same parcels as a table. */
  table: ReactNode;
  asTable: boolean;
  onAsTable: (shown: boolean) => void;
  empty?: ReactNode;
  focusRef?: RefObject<HTMLDivElement | null>;
};

/** A map with its legend, its table, and a way to take it along. */
export function ParcelMap(props: ParcelMapProps) {
  const { title, controls, legendLabel, parcels, categories, table, asTable, onAsTable, empty, focusRef } =
    props;
  const { t } = useTranslation(["parcels", "common"]);
  const own = useRef<HTMLDivElement>(null);
  const host = focusRef ?? own;
  const [measure, size] = useCanvasSize();
  const [pinned, setPinned] = useState<string | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const [menu, setMenu] = useState<{ parcel: Parcel; x: number; y: number } | null>(null);
  const counts = useMemo(() => countCategories(parcels, categories), [parcels, categories]);
  const boxes = useMemo(() => {
    const values = parcels.map((parcel) => parcel.value);
    return squarify(visible(values, size.width * size.height, leastArea), size.width, size.height);
  }, [parcels, size]);
  const found = categories.findIndex((category) => category.key === pinned);
  const pinnedPlace = found >= 0 && (counts[found] ?? 0) > 0 ? found : null;
  const drawn = { parcels, boxes, categories, size };

  return (
    <figure className={classes.map} aria-label={title}>
      <figcaption className={classes.caption}>
        <div className={classes.controls}>{controls}</div>
        <div className={classes.reading}>
          <ParcelLegend
            label={legendLabel}
            categories={categories}
            counts={counts}
            pinned={pinnedPlace}
            onPin={(category) => setPinned(category === null ? null : (categories[category]?.key ?? null))}
            onPoint={setPointed}
          />
          <Tooltip label={t(asTable ? "asMap" : "asTable")}>
            <ActionIcon aria-label={t(asTable ? "asMap" : "asTable")} onClick={() => onAsTable(!asTable)}>
              {asTable ? <IconMap2 size={16} /> : <IconTable size={16} />}
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t("common:chart.copyImage")}>
            <ActionIcon
              aria-label={t("common:chart.copyImage")}
              onClick={() => void copyMap(title, drawn, counts).then(announcePicture)}
            >
              <IconPhoto size={16} />
            </ActionIcon>
          </Tooltip>
        </div>
      </figcaption>
      {asTable ? (
        table
      ) : (
        <div ref={measure} className={classes.frame}>
          {parcels.length === 0 ? (
            empty
          ) : (
            <ParcelCanvas
              {...props}
              {...drawn}
              help={t("help")}
              highlighted={pointed ?? pinnedPlace}
              hostRef={host}
              onMenu={setMenu}
              onCopy={() => void copyMap(title, drawn, counts).then(announcePicture)}
            />
          )}
        </div>
      )}
      {menu && (
        <ParcelMenu
          at={menu}
          selected={props.selected?.has(menu.parcel.id) ?? false}
          onClose={() => {
            setMenu(null);
            host.current?.focus();
          }}
          onOpen={() => props.onOpen(menu.parcel)}
          onEnter={props.onEnter && (() => props.onEnter?.(menu.parcel))}
          onToggle={
            props.onSelect &&
            (() => {
              const next = new Set(props.selected);
              if (!next.delete(menu.parcel.id)) next.add(menu.parcel.id);
              props.onSelect?.(next);
            })
          }
        />
      )}
    </figure>
  );
}
