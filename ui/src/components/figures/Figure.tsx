import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/format";

type FigureProps = {
  /** `null` when it is not known. */
  value: number | null;
  /** The figure comes from statistics: it carries "≈". */
  estimated?: boolean;
};

/** A whole number as the language writes it. */
export function Figure({ value, estimated = false }: FigureProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (value === null) return <Unknown />;
  const text = format.number(value);
  if (!estimated) return <span className="tabular">{text}</span>;
  return (
    <Tooltip label={t("figure.estimateHint", { value: text })}>
      <span className="tabular">{t("figure.estimate", { value: text })}</span>
    </Tooltip>
  );
}

/** A size in its own unit; the exact number of bytes appears on hover. */
export function Bytes({ value, estimated = false }: FigureProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (value === null) return <Unknown />;
  const exact = t("figure.bytes", { value: format.number(value) });
  const text = format.bytes(value);
  return (
    <Tooltip label={estimated ? t("figure.estimateHint", { value: exact }) : exact}>
      <span className="tabular">{estimated ? t("figure.estimate", { value: text }) : text}</span>
    </Tooltip>
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
  const { t } = useTranslation();
  return (
    <span style={{ color: "var(--faint)" }}>
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">{t("figure.unknown")}</span>
    </span>
  );
}
