import { Menu } from "@mantine/core";
import { IconCheckbox, IconCopy, IconExternalLink, IconZoomIn } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { announceCopy } from "../components/grid/announce";
import { copyText } from "../platform/clipboard";
import type { Parcel } from "./category";

type ParcelMenuProps = {
  at: { parcel: Parcel; x: number; y: number };
  selected: boolean;
  onClose: () => void;
  onOpen: () => void;
  onEnter?: (() => void) | undefined;
  onToggle?: (() => void) | undefined;
};

/** What can be done with a parcel: the menu of the right button. */
export function ParcelMenu({ at, selected, onClose, onOpen, onEnter, onToggle }: ParcelMenuProps) {
  const { t } = useTranslation(["parcels", "common"]);
  return (
    <Menu opened onClose={onClose} position="bottom-start" offset={2} returnFocus>
      <Menu.Target>
        <span
          aria-hidden="true"
          style={{ position: "fixed", left: at.x, top: at.y, width: 0, height: 0, pointerEvents: "none" }}
        />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <bdi>{at.parcel.name}</bdi>
        </Menu.Label>
        <Menu.Item leftSection={<IconExternalLink size={15} />} onClick={onOpen}>
          {t("common:grid.open")}
        </Menu.Item>
        {onEnter && (
          <Menu.Item leftSection={<IconZoomIn size={15} />} onClick={onEnter}>
            {t("menu.enter")}
          </Menu.Item>
        )}
        {onToggle && (
          <Menu.Item leftSection={<IconCheckbox size={15} />} onClick={onToggle}>
            {t(selected ? "menu.deselect" : "menu.select")}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconCopy size={15} />}
          onClick={() => void copyText(at.parcel.id).then(() => announceCopy(null))}
        >
          {t("menu.copyName")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
