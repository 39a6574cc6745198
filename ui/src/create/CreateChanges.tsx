import {
  IconAddressBook,
  IconHistory,
  IconSchema,
  IconTable,
  IconTag,
  IconUserPlus,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { CreateRequest, Plan } from "../api/types";
import { ChangeList } from "../components/plan/ChangeList";

type CreateChangesProps = {
  plan: Plan;
  request: CreateRequest;
  /** Title of the template, `null` for an empty schema. */
  template: string | null;
};

/** What a creation adds to the database, in words. */
export function CreateChanges({ plan, request, template }: CreateChangesProps) {
  const { t } = useTranslation(["create", "life"]);
  const [tenant] = plan.tenants;
  if (!tenant) return null;
  const tables =
    template === null
      ? [{ icon: IconTable, text: t("create:plan.empty") }]
      : [
          { icon: IconTable, text: t("create:plan.template", { count: tenant.steps.length, template }) },
          { icon: IconHistory, text: t("create:plan.history") },
        ];
  return (
    <ChangeList
      changes={[
        { icon: IconSchema, text: t("create:plan.schema"), code: tenant.schema },
        { icon: IconTag, text: t("create:plan.comment") },
        ...tables,
        ...(request.role
          ? [
              {
                icon: IconUserPlus,
                text: t(request.role.login ? "life:create.loginPlan" : "life:create.rolePlan"),
                code: request.role.name ?? tenant.schema,
              },
            ]
          : []),
        ...(plan.statements.some((group) => group.sql.includes("cadastre.tenant"))
          ? [{ icon: IconAddressBook, text: t("life:create.entryPlan") }]
          : []),
      ]}
      note={t("create:plan.nothingElse")}
    />
  );
}
