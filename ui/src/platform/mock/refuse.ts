import type { WireError } from "../../api/types";

/** An error as core sends it. */
export function refuse(
  code: string,
  params: Record<string, string> = {},
  more: Partial<WireError> = {},
): WireError {
  return {
    code,
    params,
    message: `${code} ${JSON.stringify(params)}`,
    detail: null,
    hint: null,
    sqlstate: null,
    causes: [],
    ...more,
  };
}
