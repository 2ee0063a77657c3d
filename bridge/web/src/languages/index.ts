/** Six languages, each fetched only when it is spoken; the choice is kept on this device. */
import i18next, { type BackendModule } from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = { en: "English", fr: "Français", pt: "Português", sv: "Svenska", ca: "Català", es: "Español" };
export type Language = keyof typeof LANGUAGES;

const CHOSEN = "throughline-language";
const texts = import.meta.glob<{ default: Record<string, unknown> }>("./*.json");

const fetched: BackendModule = {
  type: "backend",
  init: () => undefined,
  // Two parameters: by their number i18next knows that the answer is a promise.
  read: async (language, _namespace) => (await texts[`./${language}.json`]!()).default as never,
};

export function isLanguage(code: string): code is Language {
  return code in LANGUAGES;
}

export function chosenLanguage(): Language | null {
  const code = localStorage.getItem(CHOSEN) ?? "";
  return isLanguage(code) ? code : null;
}

/** The first of the browser's languages that we speak. */
function browsersLanguage(): Language {
  return navigator.languages.map((tag) => tag.split("-")[0] ?? "").find(isLanguage) ?? "en";
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(CHOSEN, language);
  void i18next.changeLanguage(language);
}

/** A person's own language, unless another was chosen on this device. */
export function followPerson(language: string): void {
  if (!chosenLanguage() && isLanguage(language)) void i18next.changeLanguage(language);
}

export async function startLanguages(): Promise<void> {
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
  await i18next.use(fetched).use(initReactI18next).init({
    lng: chosenLanguage() ?? browsersLanguage(),
    fallbackLng: false,
    supportedLngs: Object.keys(LANGUAGES),
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
}
