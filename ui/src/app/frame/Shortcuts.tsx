import { Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { modifierName } from "../../platform/keys";
import classes from "./Shortcuts.module.css";

const opening = new EventTarget();

/** Shows the keyboard shortcuts. */
export const openShortcuts = () => opening.dispatchEvent(new Event("open"));

type KeyName = "shift" | "space" | "enter" | "escape" | "page" | "home" | "end";
type Shortcut = readonly [name: string, keys: readonly string[]];

/** The shortcuts, with the keys as this keyboard and language name them. */
function shortcuts(key: (name: KeyName) => string) {
  const shift = key("shift");
  return {
    anywhere: [
      ["search", [`${modifierName} K`]],
      ["filter", ["/"]],
      ["runs", [`${modifierName} J`]],
      ["back", ["Alt ←", "Alt →"]],
      ["help", ["?", "F1"]],
    ],
    list: [
      ["move", ["↑ ↓ ← →", `${key("page")} ↑ ↓`]],
      ["far", [`${modifierName} ↑`, `${modifierName} ↓`]],
      ["open", [key("enter")]],
      ["select", [key("space")]],
      ["range", [`${shift} ↑ ↓`, `${shift} ${key("space")}`]],
      ["all", [`${modifierName} A`]],
      ["clear", [key("escape")]],
      ["copy", [`${modifierName} C`]],
      ["resize", ["Alt ← →"]],
    ],
    map: [
      ["neighbour", ["↑ ↓ ← →"]],
      ["ends", [key("home"), key("end")]],
      ["inside", ["+"]],
      ["outside", ["−", key("escape")]],
      ["named", ["A…Z"]],
    ],
  } as const satisfies Record<string, readonly Shortcut[]>;
}

/** What can be done without the mouse. "?" and F1 open it. */
export function Shortcuts() {
  const { t } = useTranslation();
  const [opened, { open, close }] = useDisclosure(false);
  const groups = shortcuts((name) => t(`key.${name}`));
  useEffect(() => {
    const key = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement && event.target.closest("input, textarea, [role=dialog]");
      if (event.key !== "F1" && (event.key !== "?" || typing)) return;
      event.preventDefault();
      open();
    };
    opening.addEventListener("open", open);
    window.addEventListener("keydown", key);
    return () => {
      opening.removeEventListener("open", open);
      window.removeEventListener("keydown", key);
    };
  }, [open]);
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t("frame.shortcuts")}
      size={520}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {(Object.keys(groups) as (keyof typeof groups)[]).map((group) => (
        <section key={group} className={classes.group}>
          <h3>{t(`shortcut.group.${group}`)}</h3>
          <dl>
            {groups[group].map(([name, keys]) => (
              <div key={name}>
                <dt>{t(`shortcut.${name}`)}</dt>
                <dd>
                  {keys.map((combination) => (
                    <kbd key={combination}>{combination}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
