import { SegmentedControl } from "@mantine/core";
import { useId } from "react";
import { Row } from "./Section";

type ChoiceRowProps = {
  label: string;
  hint?: string;
  value: string;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
};

/** One of a few. */
export function ChoiceRow({ label, hint, value, options, onChange }: ChoiceRowProps) {
  const id = useId();
  return (
    <Row id={id} label={label} hint={hint}>
      <SegmentedControl aria-labelledby={id} value={value} data={options} onChange={onChange} />
    </Row>
  );
}
