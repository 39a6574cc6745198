import { useNavigate } from "@tanstack/react-router";
import { followRun } from "../runs/store";

/** Follows a run that was just started, on its page: there is its report. */
export function useShowRun() {
  const navigate = useNavigate();
  return (run: string) => {
    void followRun(run).catch(() => {});
    void navigate({ to: "/journal/runs/$run", params: { run } });
  };
}
