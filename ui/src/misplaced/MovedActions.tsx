import { Button } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { connectionQueryOptions } from "../api/connection";
import type { RunSummary } from "../api/types";
import { databaseOf } from "../runs/followUp";
import { openLifeStep } from "../tenants/life";
import { useRefusal } from "../tenants/useRefusal";

/** After objects were moved: the way back, in the database where that was. */
export function MovedActions({ summary, onChosen }: { summary: RunSummary; onChosen?: () => void }) {
  const { t } = useTranslation("misplaced");
  const { data: connection } = useQuery(connectionQueryOptions());
  const refusal = useRefusal();
  const [tenant] = summary.tenants;
  const here = connection ? databaseOf(connection) === summary.database : false;
  if (summary.kind !== "move" || summary.done === 0 || !tenant || !here || refusal !== null) return null;
  const named = { schema: tenant.schema, name: tenant.schema };
  return (
    <Button
      leftSection={<IconArrowBackUp size={15} />}
      onClick={() => {
        openLifeStep({ step: "moveBack", tenant: named, run: summary.run });
        onChosen?.();
      }}
    >
      {t("back")}
    </Button>
  );
}
