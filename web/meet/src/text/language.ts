import { pageLanguages, type PageLanguage } from "@klatch/prebuilt";
import { directionOf, locale, usePersonTexts, useUiTexts } from "@klatch/ui";
import { batch, effect, signal } from "@preact/signals";
import { type Language, translated } from "./index";

/** Each language by its own name, as the select shows it. */
export const languageNames: Readonly<Record<PageLanguage, string>> = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
  pt: "Português",
  hi: "हिन्दी",
  ar: "العربية",
  ja: "日本語",
};

/** English is part of the page; every other language is loaded when it is chosen. */
const loaders: Readonly<Record<Exclude<PageLanguage, "en">, () => Promise<Language>>> = {
  de: async () => (await import("./de")).de,
  es: async () => (await import("./es")).es,
  fr: async () => (await import("./fr")).fr,
  pt: async () => (await import("./pt")).pt,
  hi: async () => (await import("./hi")).hi,
  ar: async () => (await import("./ar")).ar,
  ja: async () => (await import("./ja")).ja,
};

/** Returns the texts of a language; null for English, which stands in where there are none. */
export async function languageTexts(chosen: PageLanguage): Promise<Language | null> {
  return chosen === "en" ? null : loaders[chosen]();
}

const shown = signal<PageLanguage>("en");

/** The language that the page is in. */
export const language = (): PageLanguage => shown.value;

/** Counts choices: one that takes longer to load must not replace a later one. */
let choices = 0;

/** Shows the page in a language. Rejects where it cannot be loaded; the page then stays as it is. */
export async function showLanguage(chosen: PageLanguage): Promise<void> {
  const choice = ++choices;
  const texts = await languageTexts(chosen);
  if (choice !== choices) return;
  batch(() => {
    translated.value = texts?.page ?? {};
    useUiTexts(texts?.ui ?? {});
    usePersonTexts(texts?.faults ?? null);
    locale.value = localeOf(chosen, navigator.languages);
    shown.value = chosen;
  });
}

/** Keeps the language and the direction of the document. */
export function applyLanguage(root: HTMLElement): void {
  effect(() => {
    root.lang = shown.value;
    root.dir = directionOf(shown.value);
  });
}

const base = (tag: string): string => tag.toLowerCase().split("-")[0] ?? "";

/** Returns the language to begin with: the chosen one, else the first of the browser's that there is, else English. */
export function languageOf(chosen: PageLanguage | "", preferred: readonly string[]): PageLanguage {
  if (chosen !== "") return chosen;
  for (const tag of preferred) {
    const found = pageLanguages.find((l) => l === base(tag));
    if (found !== undefined) return found;
  }
  return "en";
}

/** Returns the browser's own variant of a language, such as en-GB: times and numbers are written as in it. */
export function localeOf(chosen: PageLanguage, preferred: readonly string[]): string {
  return preferred.find((tag) => base(tag) === chosen) ?? chosen;
}
