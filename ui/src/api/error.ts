import type { WireError } from "./types";

/** What core refused or failed at, as it crossed the bridge. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly wire: WireError;

  constructor(wire: WireError) {
    super(wire.message);
    this.wire = wire;
  }

  get code(): string {
    return this.wire.code;
  }
}

type Answer<T> = { status: "ok"; data: T } | { status: "error"; error: WireError };

/** The answer of a command, or its error thrown. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  let result: Answer<T>;
  try {
    result = await answer;
  } catch (cause) {
    throw asApiError(cause);
  }
  if (result.status === "error") throw asApiError(result.error);
  return result.data;
}

/** Any thrown thing as an error that can be shown. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (isWireError(thrown)) return new ApiError(thrown);
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return new ApiError({
    code: "internal",
    params: { what },
    message: what,
    detail: null,
    hint: null,
    sqlstate: null,
    causes: thrown instanceof Error && thrown.stack ? [thrown.stack] : [],
  });
}

function isWireError(value: unknown): value is WireError {
  return typeof value === "object" && value !== null && "code" in value && "params" in value;
}

/** True for an error of this kind. */
export const isCode = (error: unknown, code: string) => error instanceof ApiError && error.code === code;

const away = new Set([
  "connection_lost",
  "connection_refused",
  "connection_timeout",
  "name_not_resolved",
  "server_unavailable",
]);

/** True when nobody answers at the other end: what was read before is all there is. */
export const isServerAway = (error: unknown) => error instanceof ApiError && away.has(error.code);
