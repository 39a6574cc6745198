import { ActionIcon, Menu } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { StructureOptions } from "../api/types";

type OptionsMenuProps = { options: StructureOptions; onChange: (options: StructureOptions) => void };

/** What is a difference beside what always is one. */
export function OptionsMenu({ options, onChange }: OptionsMenuProps) {
  const { t } = useTranslation("structure");
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={t("options.label")} title={t("options.label")}>
          <IconAdjustmentsHorizontal size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("options.label")}</Menu.Label>
        <Menu.CheckboxItem
          checked={options.column_order}
          onChange={(column_order) => onChange({ ...options, column_order })}
        >
          {t("options.columnOrder")}
        </Menu.CheckboxItem>
        <Menu.CheckboxItem checked={options.grants} onChange={(grants) => onChange({ ...options, grants })}>
          {t("options.grants")}
        </Menu.CheckboxItem>
      </Menu.Dropdown>
    </Menu>
  );
}
