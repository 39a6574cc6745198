import { IconCheck, IconCopy, IconSchema, IconTable } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Plan } from "../api/types";
import { ChangeList } from "../components/plan/ChangeList";

type CloneChangesProps = {
  plan: Plan;
  /** The rows come too. */
  data: boolean;
};

/** What a clone adds to the database, and how it is proven. */
export function CloneChanges({ plan, data }: CloneChangesProps) {
  const { t } = useTranslation("clone");
  const [tenant] = plan.tenants;
  if (!tenant) return null;
  const tables = tenant.steps.length;
  return (
    <ChangeList
      changes={[
        { icon: IconSchema, text: t("plan.schema"), code: tenant.schema },
        { icon: IconTable, text: t("plan.structure") },
        {
          icon: IconCopy,
          text: data ? t("plan.rows", { count: tables }) : t(tables > 0 ? "plan.history" : "plan.noRows"),
        },
        { icon: IconCheck, text: t(data ? "plan.proven" : "plan.provenStructure") },
      ]}
      note={t("plan.source")}
    />
  );
}
