import i18next from "i18next";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../../api/error";
import type { WireError } from "../../api/types";

export type ErrorText = { title: string; hint: string | null };

/** What happened and what to do, in the window's language; the English of core for a code that is not known. */
export function errorText(
  wire: Pick<WireError, "code" | "params" | "message" | "hint">,
  translate = i18next.t,
): ErrorText {
  const values = { ...wire.params, ns: "errors" };
  // Codes come from the other side of the bridge: they are looked up, not typed.
  const look = translate as unknown as (key: string, options: object) => string;
  const parts = inParts[wire.code];
  if (parts) return textOfParts(wire, parts, look);
  return {
    title: look(`${wire.code}.title`, { ...values, defaultValue: wire.message }),
    hint: look(`${wire.code}.hint`, { ...values, defaultValue: wire.hint ?? "" }) || null,
  };
}

/** Errors that name several sorts of things, with a sentence for each sort that there is. */
const inParts: Record<string, readonly string[]> = {
  plan_outdated: ["server", "files", "added", "gone", "moved"],
  template_differs: ["missing", "more", "changed"],
};

function textOfParts(
  wire: Pick<WireError, "code" | "params" | "message">,
  parts: readonly string[],
  look: (key: string, options: object) => string,
): ErrorText {
  const sentences = parts
    .filter((part) => wire.params[part])
    .map((part) => look(`${wire.code}.${part}`, { names: wire.params[part], ns: "errors" }));
  const values = { ...wire.params, ns: "errors", defaultValue: wire.message };
  return {
    title: [look(`${wire.code}.title`, values), ...sentences].join(" "),
    hint: look(`${wire.code}.hint`, { ns: "errors" }),
  };
}

export function useErrorText(error: ApiError | WireError): ErrorText {
  const { t } = useTranslation("errors");
  return errorText("wire" in error ? error.wire : error, t as unknown as typeof i18next.t);
}

/** Everything that is known, as text to send to somebody. In English: it is for who repairs. */
export function errorReport(wire: WireError): string {
  const lines = [
    wire.message,
    `Code: ${wire.code}`,
    wire.sqlstate ? `SQLSTATE: ${wire.sqlstate}` : null,
    wire.detail ? `Detail: ${wire.detail}` : null,
    wire.hint ? `Hint: ${wire.hint}` : null,
    ...wire.causes.map((cause) => `Caused by: ${cause}`),
  ];
  return lines.filter((line) => line !== null).join("\n");
}
