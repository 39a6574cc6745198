import { useNavigate } from "@tanstack/react-router";
import { noteRun } from "../runs/memory";
import { followRun } from "../runs/store";

/** Follows a run that was just started, on its page: there is its report. */
export function useShowRun() {
  const navigate = useNavigate();
  return (run: string) => {
    // Its page says how it went; a message over it would say the same again.
    noteRun("announced", run);
    void followRun(run).catch(() => {});
    void navigate({ to: "/journal/runs/$run", params: { run } });
  };
}
