import { Menu, UnstyledButton } from "@mantine/core";
import { IconSelector } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Sign } from "../components/status/Status";
import { runTone } from "./outcomes";
import classes from "./RunDock.module.css";
import type { FollowedRun } from "./store";

type RunTabsProps = {
  runs: readonly FollowedRun[];
  current: string;
  onChoose: (run: string) => void;
};

/** Which of several runs the dock shows. */
export function RunTabs({ runs, current, onChoose }: RunTabsProps) {
  const { t } = useTranslation("runs");
  return (
    <Menu position="top-end">
      <Menu.Target>
        <UnstyledButton className={classes.others}>
          {t("runs", { count: runs.length })}
          <IconSelector size={14} aria-hidden="true" />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {[...runs].reverse().map((run) => {
          const { progress, summary } = run;
          return (
            <Menu.Item
              key={progress.run}
              role="menuitemradio"
              aria-checked={progress.run === current}
              leftSection={<Sign tone={runTone(run)} />}
              onClick={() => onChoose(progress.run)}
            >
              {summary
                ? t(`finished.${summary.kind}`, { count: summary.done })
                : `${t(`kind.${progress.kind}`)} ${t("progress", { ended: progress.ended, total: progress.total })}`}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
