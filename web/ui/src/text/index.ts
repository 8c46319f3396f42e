import { signal } from "@preact/signals";
import { type Entries, reader } from "./catalogue";
import { en } from "./en";

export { en as uiEnglish };

const translated = signal<Entries>({});

export const { t } = reader(en, translated);

/** Shows the shared parts of pages in another language; without texts in English. */
export function useUiTexts(texts: Entries): void {
  translated.value = texts;
}
