import { NumberInput } from "@mantine/core";
import { useEffect, useId, useState } from "react";
import { Row } from "./Section";

type FigureRowProps = {
  label: string;
  hint: string;
  /** Shown for `null`. */
  placeholder?: string;
  value: number | null;
  min: number;
  max: number;
  decimals?: number;
  suffix?: string;
  onChange: (value: number | null) => void;
};

/** A number. Kept when the field is left or Enter is pressed: half a number is not a setting. */
export function FigureRow(props: FigureRowProps) {
  const { label, hint, placeholder, value, min, max, decimals = 0, suffix, onChange } = props;
  const id = useId();
  const [typed, setTyped] = useState<number | string>(value ?? "");
  useEffect(() => setTyped(value ?? ""), [value]);
  const keep = () => {
    const next = typeof typed === "number" ? Math.min(max, Math.max(min, typed)) : null;
    // An empty field means "automatic" where there is such a thing, and is taken back where there is not.
    if (next === null && placeholder === undefined) setTyped(value ?? "");
    else if (next !== value) onChange(next);
  };
  return (
    <Row id={id} label={label} hint={hint}>
      <NumberInput
        size="xs"
        aria-labelledby={id}
        placeholder={placeholder}
        value={typed}
        onChange={setTyped}
        onBlur={keep}
        onKeyDown={(event) => event.key === "Enter" && keep()}
        min={min}
        max={max}
        clampBehavior="blur"
        decimalScale={decimals}
        suffix={suffix}
        w={130}
      />
    </Row>
  );
}
