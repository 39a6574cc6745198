import { Button, Menu } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { GridColumn } from "./columns";
import type { GridModel } from "./useGridModel";

type ColumnsMenuProps<T> = { model: GridModel<T>; columns: readonly GridColumn<T>[] };

/** Which columns are shown. */
export function ColumnsMenu<T>({ model, columns }: ColumnsMenuProps<T>) {
  const { t } = useTranslation();
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <Button leftSection={<IconColumns3 size={15} />}>{t("grid.columns")}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {columns
          .filter((column) => column.hideable !== false)
          .map((column) => (
            <Menu.CheckboxItem
              key={column.id}
              checked={model.isVisible(column)}
              onChange={(shown) => model.setVisible(column.id, shown)}
            >
              {column.header}
            </Menu.CheckboxItem>
          ))}
        <Menu.Divider />
        <Menu.Item onClick={model.reset}>{t("grid.resetColumns")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
