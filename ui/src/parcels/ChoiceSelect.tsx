import { Select } from "@mantine/core";
import { useId } from "react";
import classes from "./ParcelMap.module.css";

type ChoiceSelectProps<T extends string> = {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  width: number;
  onChange: (value: T) => void;
};

/** What the areas or the colours stand for. */
export function ChoiceSelect<T extends string>({
  label,
  value,
  options,
  width,
  onChange,
}: ChoiceSelectProps<T>) {
  const id = useId();
  return (
    <div className={classes.choice}>
      <label htmlFor={id}>{label}</label>
      <Select
        id={id}
        size="xs"
        w={width}
        value={value}
        allowDeselect={false}
        data={[...options]}
        onChange={(next) => next !== null && onChange(next as T)}
      />
    </div>
  );
}
