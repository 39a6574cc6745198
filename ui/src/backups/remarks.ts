import type { TFunction } from "i18next";

/** Remarks of a restore, by the form of core's English sentence. */
const forms = [
  ["printed", /^(?<object>.*): this version of the server prints it in other words$/],
  ["empty", /^(?<object>.*): it is empty until it is refreshed: (?<reason>.*)$/],
  ["triggersOff", /^(?<object>.*): its triggers are switched off$/],
  ["edited", /^(?<object>.*): its rows are not those that were written$/],
] as const;

/** A remark in the window's language; core's or the server's own words for what is not known. */
export function remarkText(t: TFunction<"backups">, remark: string): string {
  for (const [code, form] of forms) {
    const found = form.exec(remark);
    const { object = "", reason = "" } = found?.groups ?? {};
    if (found) return t(`remark.${code}`, { object, reason });
  }
  return remark;
}
