import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { cloneRemarksQueryOptions } from "../api/clone";
import type { RunSummary } from "../api/types";

type ClonedActionsProps = {
  summary: RunSummary;
  onOpen: (schema: string) => void;
  /** Shows the run, with what is to be looked at. */
  onShow: () => void;
};

/** After a clone: leads to the new tenant, and to what is not as in the source. */
export function ClonedActions({ summary, onOpen, onShow }: ClonedActionsProps) {
  const { t } = useTranslation("clone");
  const { data: remarks = [] } = useQuery(cloneRemarksQueryOptions(summary.run));
  const schema = summary.tenants.find((tenant) => tenant.outcome === "done")?.schema;
  if (schema === undefined) return null;
  return (
    <>
      <Button size="compact-sm" onClick={() => onOpen(schema)}>
        {t("open")}
      </Button>
      {remarks.length > 0 && (
        <Button size="compact-sm" onClick={onShow}>
          {t("remarks", { count: remarks.length })}
        </Button>
      )}
    </>
  );
}
