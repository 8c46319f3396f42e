import { type Entries, type FaultTexts, reader, type Translated, type uiEnglish } from "@klatch/ui";
import { signal } from "@preact/signals";
import { en } from "./en";
import type { enConnection } from "./en.connection";
import type { enEffects } from "./en.effects";
import type { enFiles } from "./en.files";
import type { enInside } from "./en.inside";

/** A language beside English: what this page says, what the shared parts of pages say, and the texts of faults. */
export interface Language {
  readonly page: Entries;
  readonly ui: Entries;
  readonly faults: FaultTexts;
}

/** The texts of the language that is shown; none: English. */
export const translated = signal<Entries>({});

/** `t` returns a text of the first view, `rich` one with elements in it. Whatever reads them follows the language. */
export const { t, rich } = reader(en, translated);

/**
 * A language made of the texts of the page and of its shared parts, both `as const`: a key or a placeholder that is
 * missing or unknown does not compile.
 */
export interface LanguageOf<Page, Ui> {
  readonly page: Translated<
    typeof en & typeof enInside & typeof enEffects & typeof enConnection & typeof enFiles,
    Page
  >;
  readonly ui: Translated<typeof uiEnglish, Ui>;
  readonly faults: FaultTexts;
}
