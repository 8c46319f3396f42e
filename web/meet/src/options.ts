import { fromAddress, type PageLanguage, type PageOptions } from "@klatch/prebuilt";
import { type FaultFields, VideoSDKError } from "@klatch/sdk";
import { signal } from "@preact/signals";
import type { Theme } from "@klatch/ui";
import type { Prefs } from "./state/prefs";

/** What the address of the page asks for, beside the meeting. */
export interface Asked {
  readonly options: PageOptions;
  /** Names what is wrong with the options; the meeting is not joined then. */
  readonly fault: FaultFields | null;
  /** The origin of the page around this one, which is told what happens; empty: none. */
  readonly parentOrigin: string;
}

export const nothingAsked: Asked = { options: {}, fault: null, parentOrigin: "" };

export function optionsKey(meetingId: string): string {
  return `klatch.options.${meetingId}`;
}

/** Takes the options out of an address. They are kept for a reload, which has none in its address. */
export function takeOptions(address: string, meetingId: string, storage: Storage | undefined): Asked {
  const url = new URL(address);
  const given = new URLSearchParams([...url.searchParams, ...new URLSearchParams(url.hash.replace(/^#/, ""))]);
  given.delete("token");
  const key = optionsKey(meetingId);
  const kept = url.search + url.hash === "" ? (storage?.getItem(key) ?? "") : given.toString();
  if (kept === "") storage?.removeItem(key);
  else storage?.setItem(key, kept);
  const parentOrigin = new URLSearchParams(kept).get("parentOrigin") ?? "";
  try {
    return { options: fromAddress(new URL(`?${kept}`, url.origin)), fault: null, parentOrigin };
  } catch (error) {
    if (error instanceof VideoSDKError) return { options: {}, fault: error, parentOrigin };
    throw error;
  }
}

const themes: Readonly<Record<string, Theme>> = { DARK: "dark", LIGHT: "light", DEFAULT: "auto" };

/** The settings of this browser with what the options say instead, which it does not keep. */
export function prefsWith(prefs: Prefs, asked: PageOptions): Prefs {
  const { name, lang, theme, micEnabled, webcamEnabled, notificationSoundEnabled, layout } = asked;
  return {
    ...prefs,
    ...(name !== undefined && { name: signal(name) }),
    ...(lang !== undefined && { language: signal<PageLanguage | "">(lang) }),
    ...(theme !== undefined && { theme: signal(themes[theme] ?? "auto") }),
    ...(micEnabled !== undefined && { micOn: signal(micEnabled) }),
    ...(webcamEnabled !== undefined && { camOn: signal(webcamEnabled) }),
    ...(notificationSoundEnabled !== undefined && { sounds: signal(notificationSoundEnabled) }),
    ...(layout?.type !== undefined && { layout: signal(layout.type === "GRID" ? "grid" : "speaker") }),
  };
}

/** Gives buttons and marks a color, with text on it that can be read. */
export function applyColor(style: CSSStyleDeclaration, color: string): void {
  style.setProperty("--accent", color);
  style.setProperty("--accent-strong", color);
  style.setProperty("--accent-ink", luminance(color) > 0.18 ? "#000000" : "#ffffff");
}

/** Relative luminance (WCAG 2.2), 0 for black; black and white text have the same contrast at 0.18. */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
