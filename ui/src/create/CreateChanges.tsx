import { IconHistory, IconSchema, IconTable, IconTag } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Plan } from "../api/types";
import { ChangeList } from "../components/plan/ChangeList";

type CreateChangesProps = {
  plan: Plan;
  /** Title of the template, `null` for an empty schema. */
  template: string | null;
};

/** What a creation adds to the database, in words. */
export function CreateChanges({ plan, template }: CreateChangesProps) {
  const { t } = useTranslation("create");
  const [tenant] = plan.tenants;
  if (!tenant) return null;
  const tables =
    template === null
      ? [{ icon: IconTable, text: t("plan.empty") }]
      : [
          { icon: IconTable, text: t("plan.template", { count: tenant.steps.length, template }) },
          { icon: IconHistory, text: t("plan.history") },
        ];
  return (
    <ChangeList
      changes={[
        { icon: IconSchema, text: t("plan.schema"), code: tenant.schema },
        { icon: IconTag, text: t("plan.comment") },
        ...tables,
      ]}
      note={t("plan.nothingElse")}
    />
  );
}
