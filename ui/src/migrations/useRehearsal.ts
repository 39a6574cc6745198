import { useRehearseMigration } from "../api/migrations";
import type { Plan } from "../api/types";

/** The rehearsal of the plan that is shown. One of another plan is none. */
export function useRehearsal(plan: Plan | undefined) {
  const { mutate, variables, data, error, isPending } = useRehearseMigration();
  const current = plan !== undefined && variables === plan.id;
  return {
    rehearse: () => plan && mutate(plan.id),
    running: current && isPending,
    rehearsal: current ? data : undefined,
    error: current ? error : null,
  };
}
