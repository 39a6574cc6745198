import { Button, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/format";
import classes from "./FilterMenu.module.css";

export type FilterOption = { value: string; label: string; count: number };

type FilterMenuProps = {
  label: string;
  options: readonly FilterOption[];
  /** Values to show; all of them when empty. */
  selected: ReadonlySet<string>;
  onChange: (selected: ReadonlySet<string>) => void;
};

/** Chooses which values of a column are shown, with how many there are of each. */
export function FilterMenu({ label, options, selected, onChange }: FilterMenuProps) {
  const { t } = useTranslation("tenants");
  const format = useFormat();
  const chosen = options.filter((option) => selected.has(option.value)).map((option) => option.label);
  const toggle = (value: string) => {
    const next = new Set(selected);
    if (!next.delete(value)) next.add(value);
    onChange(next);
  };
  return (
    <Menu closeOnItemClick={false} position="bottom-start">
      <Menu.Target>
        <Button
          className={classes.target}
          data-active={selected.size > 0 || undefined}
          rightSection={<IconChevronDown size={14} />}
        >
          <span className={classes.label}>{label}</span>
          <span className={classes.value}>{chosen.length === 0 ? t("filter.all") : chosen.join(", ")}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.dropdown}>
        {options.map((option) => (
          <Menu.CheckboxItem
            key={option.value}
            checked={selected.has(option.value)}
            rightSection={<span className={classes.count}>{format.number(option.count)}</span>}
            onChange={() => toggle(option.value)}
          >
            {option.label}
          </Menu.CheckboxItem>
        ))}
        <Menu.Divider />
        <Menu.Item disabled={selected.size === 0} onClick={() => onChange(new Set())}>
          {t("filter.clear")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
