/** What leaves the meeting, as the page knows it: states and addresses of the SDK, and words for them. */
import type { CompositionConfig, HlsState, LivestreamState, RecordingState } from "@klatch/sdk";
import type { Egress } from "@klatch/state";
import { t } from "../text";

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

type Spoken =
  "saysRecordingOn" | "saysRecordingOff" | "saysLivestreamOn" | "saysLivestreamOff" | "saysHlsOn" | "saysHlsOff";

const spoken: Readonly<Record<EgressKind, Readonly<Partial<Record<EgressPhase, Spoken>>>>> = {
  recording: { on: "saysRecordingOn", off: "saysRecordingOff" },
  livestream: { on: "saysLivestreamOn", off: "saysLivestreamOff" },
  hls: { playable: "saysHlsOn", off: "saysHlsOff" },
};

/** What to say when it changes; undefined for steps on the way. */
export function changeOf(before: Egress, now: Egress): string | undefined {
  for (const kind of ["recording", "livestream", "hls"] as const) {
    if (before[kind] === now[kind]) continue;
    const key = spoken[kind][phaseOf(now[kind])];
    return key && t(key);
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

export function configOf({ layout, theme, quality }: Picture): CompositionConfig {
  return { layout: { type: layout }, theme, quality };
}

/** One target in the dialog that goes live. */
export interface Target {
  readonly url: string;
  readonly streamKey: string;
}

/**
 * What is wrong with an address or key, as the key of a text; "" when nothing is to be seen from here. The server
 * judges again.
 */
export function addressProblem({ url }: Target): "" | "addressMissing" | "addressWrong" {
  if (url.trim() === "") return "addressMissing";
  if (!/^rtmps?:\/\//i.test(url.trim())) return "addressWrong";
  return "";
}

export function keyProblem({ streamKey }: Target): "" | "keyMissing" {
  return streamKey.trim() === "" ? "keyMissing" : "";
}
