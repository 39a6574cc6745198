import { queryOptions, useMutation } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { MoveRequest } from "./types";

/** What is in `public` and belongs to a tenant. It looks at every tenant, so it is not asked again by itself. */
export const misplacedQueryOptions = () =>
  queryOptions({
    queryKey: ["misplaced"],
    queryFn: () => unwrap(commands.misplacedFind(null)),
    meta: { tags: ["tenants"] },
    staleTime: 5 * 60_000,
  });

export function usePlanMove() {
  return useMutation({
    mutationFn: (request: MoveRequest) => unwrap(commands.misplacedMovePlan(request)),
    meta: { failure: "failure.plan", quiet: true },
  });
}

/** The way back of a run that has moved something. */
export function usePlanMoveBack() {
  return useMutation({
    mutationFn: (run: string) => unwrap(commands.misplacedBackPlan(run)),
    meta: { failure: "failure.plan", quiet: true },
  });
}
