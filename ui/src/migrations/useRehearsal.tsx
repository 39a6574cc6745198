import { useTranslation } from "react-i18next";
import { useRehearseMigration } from "../api/migrations";
import type { Plan } from "../api/types";
import { RehearsalView } from "./RehearsalView";

/** The rehearsal of the plan that is shown, for the dialog that shows it. One of another plan is none. */
export function useRehearsal(plan: Plan | undefined) {
  const { t } = useTranslation("rehearsal");
  const { mutate, variables, data, error, isPending } = useRehearseMigration();
  const begun = plan !== undefined && variables === plan.id;
  const running = begun && isPending;
  const rehearse = () => plan && mutate(plan.id);
  const content = <RehearsalView running={running} rehearsal={data} error={error} onRetry={rehearse} />;
  return { rehearse, running, findings: begun ? { label: t("title"), content } : null };
}
