import { Menu } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./TenantsPage.module.css";

type RefusableItemProps = {
  icon: ReactNode;
  label: string;
  /** Why it cannot be done now. */
  refused: string | null;
  danger?: boolean;
  onClick: () => void;
};

/** An entry of a menu that says why it cannot be chosen, when it cannot. */
export function RefusableItem({ icon, label, refused, danger = false, onClick }: RefusableItemProps) {
  return (
    <Menu.Item
      leftSection={icon}
      color={danger ? "bad" : undefined}
      disabled={refused !== null}
      onClick={onClick}
    >
      {label}
      {refused !== null && <span className={classes.refused}>{refused}</span>}
    </Menu.Item>
  );
}
