import { Menu } from "@mantine/core";
import { IconCopy, IconExternalLink } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

type GridMenuProps = {
  /** Where the pointer was. */
  at: { x: number; y: number };
  onClose: () => void;
  selected: number;
  onCopy: (what: "cell" | "row" | "selection") => void;
  onOpen?: () => void;
};

/** What can be done with a cell: the menu of the right button. */
export function GridMenu({ at, onClose, selected, onCopy, onOpen }: GridMenuProps) {
  const { t } = useTranslation();
  return (
    <Menu opened onClose={onClose} position="bottom-start" offset={2} returnFocus>
      <Menu.Target>
        <span
          aria-hidden="true"
          style={{
            position: "fixed",
            left: at.x,
            top: at.y,
            width: 0,
            height: 0,
            pointerEvents: "none",
          }}
        />
      </Menu.Target>
      <Menu.Dropdown>
        {onOpen && (
          <Menu.Item leftSection={<IconExternalLink size={15} />} onClick={onOpen}>
            {t("grid.open")}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => onCopy("cell")}>
          {t("grid.copyCell")}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => onCopy("row")}>
          {t("grid.copyRow")}
        </Menu.Item>
        {selected > 0 && (
          <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => onCopy("selection")}>
            {t("grid.copySelection", { count: selected })}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
