import type { FaultFields } from "@klatch/sdk";
import { signal } from "@preact/signals";

/** What somebody in a call reads of a fault. */
export interface PersonText {
  /** What happened. */
  readonly what: string;
  /** What to do next. */
  readonly todo: string;
}

type Texts = Readonly<Record<string, readonly [string, string]>>;

const texts = signal<Texts>({});

/**
 * Loads the texts, once a page has shown its first view. Until then, and without them, there is a text that is right for
 * every fault.
 */
export async function loadPersonTexts(): Promise<void> {
  try {
    texts.value = (await import("./personTexts.gen")).personTexts;
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
  const [what, todo] = texts.value[`${code}.${reason}`] ??
    texts.value[code] ?? [
      "Something did not work.",
      "Try again. If it fails again, send the details for support to the people who run this service.",
    ];
  // The server counts outputs from 0, and people count targets from 1.
  const output = details?.["output"];
  const target = typeof output === "number" ? String(output + 1) : "";
  const filled = (text: string): string => text.replace("{output} ", target === "" ? "" : `${target} `);
  return { what: filled(what), todo: filled(todo) };
}
