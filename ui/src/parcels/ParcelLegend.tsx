import { useId } from "react";
import { useFormat } from "../i18n/format";
import type { Category } from "./category";
import { markPath } from "./marks";
import classes from "./ParcelMap.module.css";

type ParcelLegendProps = {
  label: string;
  categories: readonly Category[];
  counts: readonly number[];
  /** The category that alone is to be seen, because somebody pressed it. */
  pinned: number | null;
  onPin: (category: number | null) => void;
  /** The category that is pointed at. */
  onPoint: (category: number | null) => void;
};

/** What the colours and hatchings mean, and how many parcels have each. Each entry makes its parcels stand out. */
export function ParcelLegend({ label, categories, counts, pinned, onPin, onPoint }: ParcelLegendProps) {
  const format = useFormat();
  return (
    <fieldset className={classes.legend} aria-label={label}>
      {categories.map((category, index) =>
        (counts[index] ?? 0) === 0 ? null : (
          <button
            key={category.key}
            type="button"
            aria-pressed={pinned === index}
            onClick={() => onPin(pinned === index ? null : index)}
            onMouseEnter={() => onPoint(index)}
            onMouseLeave={() => onPoint(null)}
            onFocus={() => onPoint(index)}
            onBlur={() => onPoint(null)}
          >
            <Swatch category={category} />
            {category.label} <span className={classes.count}>{format.number(counts[index] ?? 0)}</span>
          </button>
        ),
      )}
    </fieldset>
  );
}

/** A little piece of the map. */
export function Swatch({ category }: { category: Category }) {
  const id = useId();
  const mark = markPath(category.mark);
  return (
    <svg
      className={classes.swatch}
      style={{ "--tone": `var(--${category.tone})` } as React.CSSProperties}
      viewBox="0 0 14 14"
      aria-hidden="true"
      focusable="false"
    >
      {mark && (
        <pattern id={id} width={mark.side} height={mark.side} patternUnits="userSpaceOnUse">
          <path d={mark.path} className={classes.mark} />
        </pattern>
      )}
      <rect x="0.5" y="0.5" width="13" height="13" className={classes.ground} />
      {mark && <rect x="0.5" y="0.5" width="13" height="13" fill={`url(#${id})`} />}
    </svg>
  );
}
