import { Button, Tooltip } from "@mantine/core";
import { IconTestPipe } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Plan } from "../api/types";

type RehearseButtonProps = { plan: Plan | undefined; running: boolean; onRehearse: () => void };

/** Tries the plan out, where there is something in it that could be. */
export function RehearseButton({ plan, running, onRehearse }: RehearseButtonProps) {
  const { t } = useTranslation("rehearsal");
  const stopped = plan?.checks.some((check) => check.level === "stop") ?? true;
  const nothing = plan?.tenants.every((tenant) => tenant.skipped !== null) ?? true;
  return (
    <Tooltip label={t("explained")} multiline w={320}>
      <Button
        leftSection={<IconTestPipe size={15} stroke={1.8} />}
        disabled={stopped || nothing}
        loading={running}
        onClick={onRehearse}
      >
        {t("action")}
      </Button>
    </Tooltip>
  );
}
