import type { FaultFields } from "@klatch/sdk";
import { signal } from "@preact/signals";
import { t } from "./text";
import { fill } from "./text/catalogue";

/** What somebody in a call reads of a fault. */
export interface PersonText {
  /** What happened. */
  readonly what: string;
  /** What to do next. */
  readonly todo: string;
}

type English = typeof import("./personTexts.gen").personTexts;

type Line<Text> = Text extends `${string}{output}${string}` ? `${string}{output}${string}` : string;

/** The texts of all faults in a language: what happened and what to do, by code, and by code and reason. */
export type FaultTexts = {
  readonly [K in keyof English]: readonly [what: Line<English[K][0]>, todo: Line<English[K][1]>];
};

type Texts = Readonly<Record<string, readonly [string, string]>>;

const english = signal<Texts>({});
const translated = signal<Texts | null>(null);

/** Shows faults in another language; null for English. */
export function usePersonTexts(texts: FaultTexts | null): void {
  translated.value = texts;
}

/**
 * Loads the English texts, once a page has shown its first view. Until then, and without them, there is a text that is
 * right for every fault.
 */
export async function loadPersonTexts(): Promise<void> {
  try {
    english.value = (await import("./personTexts.gen")).personTexts;
  } catch {
    // The server is gone since the page was loaded. What follows from that is told anyway.
  }
}

/** Returns the text of a fault for somebody in a call: of its reason, else of its code. */
export function personText({
  code,
  reason,
  details,
}: {
  code: number;
  reason: string;
  details?: FaultFields["details"];
}): PersonText {
  const texts = translated.value ?? english.value;
  const [what, todo] = texts[`${code}.${reason}`] ?? texts[code] ?? [t("anyFault"), t("anyFaultTodo")];
  // The server counts outputs from 0, and people count targets from 1.
  const output = details?.["output"];
  const filled = (text: string): string =>
    typeof output === "number" ? fill(text, { output: output + 1 }) : text.replace(/ ?\{output\}/, "");
  return { what: filled(what), todo: filled(todo) };
}
