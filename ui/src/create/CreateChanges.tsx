import { IconHistory, IconSchema, IconTable, IconTag, type TablerIcon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Plan } from "../api/types";
import classes from "./CreateDialog.module.css";

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
  const migrations = tenant.steps.length;
  return (
    <>
      <ul className={classes.changes}>
        <Change icon={IconSchema} text={t("plan.schema")} code={tenant.schema} />
        <Change icon={IconTag} text={t("plan.comment")} />
        {template === null ? (
          <Change icon={IconTable} text={t("plan.empty")} />
        ) : (
          <>
            <Change icon={IconTable} text={t("plan.template", { count: migrations, template })} />
            <Change icon={IconHistory} text={t("plan.history")} />
          </>
        )}
      </ul>
      <p className={classes.nothingElse}>{t("plan.nothingElse")}</p>
    </>
  );
}

function Change({ icon: Icon, text, code }: { icon: TablerIcon; text: string; code?: string }) {
  return (
    <li>
      <Icon size={16} stroke={1.6} aria-hidden="true" />
      <span>
        {text}
        {code && <code>{code}</code>}
      </span>
    </li>
  );
}
