import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { type Language, languages, namespaces, resources } from "./resources";

/** The person's choice, or the system's language where it is one of ours, or English. */
export function resolveLanguage(choice: string | null, system = navigator.languages): Language {
  const wanted = choice ? [choice] : system;
  for (const tag of wanted) {
    const primary = tag.split("-")[0]?.toLowerCase();
    const found = languages.find((language) => language === primary);
    if (found) return found;
  }
  return "en";
}

/** Makes the texts available. Called once, before the first picture. */
export async function startI18n(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources,
    lng: language,
    fallbackLng: "en",
    ns: namespaces,
    defaultNS: "common",
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  preferOtherToMany();
  document.documentElement.lang = language;
}

export async function changeLanguage(language: Language): Promise<void> {
  if (i18next.language !== language) await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/**
 * French has a third plural for exact millions written in words ("un million *de* lignes"). The window writes figures,
 * so the ordinary plural is right and texts need no third form.
 */
function preferOtherToMany(): void {
  const resolver: { getSuffix(code: string, count: number, options?: object): string } =
    i18next.services.pluralResolver;
  const original = resolver.getSuffix.bind(resolver);
  resolver.getSuffix = (code, count, options) => {
    const suffix = original(code, count, options);
    return suffix === "_many" ? "_other" : suffix;
  };
}
