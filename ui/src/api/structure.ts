import { queryOptions } from "@tanstack/react-query";
import { commands } from "../bindings";
import { unwrap } from "./error";
import type { StructureOptions } from "./types";

/** All tenants by structure. The measure is the largest class, or that of the tenant (a schema) named. */
export const classesQueryOptions = (reference: string | null, options: StructureOptions) =>
  queryOptions({
    queryKey: ["structure", "classes", reference, options],
    queryFn: () => unwrap(commands.shapeClasses(reference, options)),
    // Seconds of work for the server: whoever wants them anew asks.
    staleTime: 10 * 60_000,
    meta: { tags: ["structure"] },
  });

/** How `tenant` (a schema) differs from `reference` (another), and the SQL that takes the difference away. */
export const structureComparisonQueryOptions = (
  reference: string,
  tenant: string,
  options: StructureOptions,
) =>
  queryOptions({
    queryKey: ["structure", "comparison", reference, tenant, options],
    queryFn: () => unwrap(commands.shapeCompare(reference, tenant, options)),
    meta: { tags: ["structure"] },
  });
