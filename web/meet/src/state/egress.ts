/** What leaves the meeting, as the page knows it: states and addresses of the SDK, and words for them. */
import type { CompositionConfig, HlsState, LivestreamState, RecordingState } from "@klatch/sdk";
import type { Egress } from "@klatch/state";

export const egressKinds = ["recording", "livestream", "hls"] as const;

export type EgressKind = (typeof egressKinds)[number];

/**
 * The published states, the same for all kinds. HLS is `on` once it has started and `playable` when somebody can
 * watch.
 */
export type EgressPhase = "off" | "starting" | "on" | "playable" | "stopping";

const phases: Readonly<Record<string, EgressPhase>> = {
  STARTING: "starting",
  STARTED: "on",
  PLAYABLE: "playable",
  STOPPING: "stopping",
};

export function phaseOf(state: RecordingState | LivestreamState | HlsState): EgressPhase {
  return phases[state.slice(state.lastIndexOf("_") + 1)] ?? "off";
}

export const isOn = (phase: EgressPhase): boolean => phase === "on" || phase === "playable";

const spoken: Readonly<Record<EgressKind, Readonly<Partial<Record<EgressPhase, string>>>>> = {
  recording: { on: "Recording started.", off: "Recording stopped." },
  livestream: { on: "The livestream started.", off: "The livestream stopped." },
  hls: { playable: "The meeting can be watched on its watch page.", off: "The watch page of the meeting stopped." },
};

/** What to say when it changes; undefined for steps on the way. */
export function changeOf(before: Egress, now: Egress): string | undefined {
  for (const kind of ["recording", "livestream", "hls"] as const) {
    if (before[kind] !== now[kind]) return spoken[kind][phaseOf(now[kind])];
  }
  return undefined;
}

export type PictureLayout = "GRID" | "SIDEBAR" | "SPOTLIGHT";
export type PictureTheme = "DEFAULT" | "DARK" | "LIGHT";
export type PictureQuality = "low" | "med" | "high";

/** How the next recording or stream shall look. */
export interface Picture {
  readonly layout: PictureLayout;
  readonly theme: PictureTheme;
  readonly quality: PictureQuality;
}

export const layoutWords: Readonly<Record<PictureLayout, string>> = {
  GRID: "Grid: everybody",
  SIDEBAR: "Sidebar: one large, pinned people beside",
  SPOTLIGHT: "Spotlight: pinned people only",
};
export const themeWords: Readonly<Record<PictureTheme, string>> = { DEFAULT: "Default", DARK: "Dark", LIGHT: "Light" };
export const qualityWords: Readonly<Record<PictureQuality, string>> = {
  low: "854 × 480",
  med: "1280 × 720",
  high: "1920 × 1080",
};

export function configOf({ layout, theme, quality }: Picture): CompositionConfig {
  return { layout: { type: layout }, theme, quality };
}

/** One target in the dialog that goes live. */
export interface Target {
  readonly url: string;
  readonly streamKey: string;
}

/** What is wrong with an address or key, in words; "" when nothing is to be seen from here. The server judges again. */
export function addressProblem({ url }: Target): string {
  if (url.trim() === "") return "Enter the address that the streaming service gives you.";
  if (!/^rtmps?:\/\//i.test(url.trim())) return "The address begins with rtmp:// or rtmps://.";
  return "";
}

export function keyProblem({ streamKey }: Target): string {
  return streamKey.trim() === "" ? "Enter the stream key that the streaming service gives you." : "";
}
