import i18next from "i18next";
import { useFormat } from "../../i18n/format";
import classes from "./Figure.module.css";

type FigureProps = {
  /** `null` when it is not known. */
  value: number | null;
  /** The figure comes from statistics: it carries "≈". */
  estimated?: boolean;
};

// These stand in every cell of long lists: they use the browser's own hint and no hook but the one for the language.

/** A whole number as the language writes it. */
export function Figure({ value, estimated = false }: FigureProps) {
  const format = useFormat();
  if (value === null) return <Unknown />;
  const text = format.number(value);
  if (!estimated) return <span className="tabular">{text}</span>;
  return (
    <span className="tabular" title={i18next.t("figure.estimateHint", { value: text })}>
      {i18next.t("figure.estimate", { value: text })}
    </span>
  );
}

/** A size in its own unit; the exact number of bytes appears on hover. */
export function Bytes({ value, estimated = false }: FigureProps) {
  const format = useFormat();
  if (value === null) return <Unknown />;
  const exact = i18next.t("figure.bytes", { value: format.number(value) });
  const text = format.bytes(value);
  return (
    <span className="tabular" title={estimated ? i18next.t("figure.estimateHint", { value: exact }) : exact}>
      {estimated ? i18next.t("figure.estimate", { value: text }) : text}
    </span>
  );
}

/** A share from 0 to 1 as a percentage. */
export function Percent({ value }: { value: number | null }) {
  const format = useFormat();
  if (value === null) return <Unknown />;
  return <span className="tabular">{format.percent(value)}</span>;
}

/** What is not known shows as a dash and is read as "unknown". */
export function Unknown() {
  useFormat();
  return (
    <span className={classes.unknown}>
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">{i18next.t("figure.unknown")}</span>
    </span>
  );
}
