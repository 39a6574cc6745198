import i18next from "i18next";
import { type Format, useFormat } from "../../i18n/format";
import classes from "./Figure.module.css";

type FigureProps = {
  /** `null` when it is not known. */
  value: number | null;
  /** The figure comes from statistics: it carries "≈". */
  estimated?: boolean;
};

// These stand in every cell of long lists: they use the browser's own hint and no hook but the one for the language, and
// what surrounds a figure is translated once.

const around = new WeakMap<Format, Map<string, string[]>>();

function phrase(format: Format, key: "estimate" | "estimateHint" | "bytes", value: string): string {
  let known = around.get(format);
  if (!known) {
    known = new Map();
    around.set(format, known);
  }
  let parts = known.get(key);
  if (!parts) {
    parts = i18next.t(`figure.${key}`, { value: "\u0000" }).split("\u0000");
    known.set(key, parts);
  }
  return parts.join(value);
}

/** A whole number as the language writes it. */
export function Figure({ value, estimated = false }: FigureProps) {
  const format = useFormat();
  if (value === null) return <Unknown />;
  const text = format.number(value);
  if (!estimated) return <span className="tabular">{text}</span>;
  return (
    <span className="tabular" title={phrase(format, "estimateHint", text)}>
      {phrase(format, "estimate", text)}
    </span>
  );
}

/** A size in its own unit; the exact number of bytes appears on hover. */
export function Bytes({ value, estimated = false }: FigureProps) {
  const format = useFormat();
  if (value === null) return <Unknown />;
  const exact = phrase(format, "bytes", format.number(value));
  const text = format.bytes(value);
  return (
    <span className="tabular" title={estimated ? phrase(format, "estimateHint", exact) : exact}>
      {estimated ? phrase(format, "estimate", text) : text}
    </span>
  );
}

/** A share from 0 to 1 as a percentage. */
export function Percent({ value }: { value: number | null }) {
  const format = useFormat();
  if (value === null) return <Unknown />;
  return <span className="tabular">{format.percent(value)}</span>;
}

/** What is not known shows as a dash and is read as "unknown"; `hint` says why, on hover. */
export function Unknown({ hint }: { hint?: string }) {
  useFormat();
  return (
    <span className={classes.unknown} role="img" aria-label={i18next.t("figure.unknown")} title={hint}>
      –
    </span>
  );
}
