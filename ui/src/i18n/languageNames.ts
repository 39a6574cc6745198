import type { Language } from "./resources";

/** Languages by their own names: whoever looks for theirs may not read the present one. */
export const languageNames: Record<Language, string> = { en: "English", fr: "Français" };
