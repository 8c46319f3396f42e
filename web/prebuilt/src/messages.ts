import type { FaultFields } from "@klatch/sdk";

/** What the meeting page tells the page around it. `data` of each event. */
export interface PrebuiltEvents {
  /** The page is there and takes commands. */
  ready: [];
  "meeting-joined": [{ participantId: string }];
  "meeting-left": [{ fault: FaultFields | null }];
  "participant-joined": [{ participantId: string; name: string }];
  "participant-left": [{ participantId: string }];
  "mic-changed": [{ on: boolean }];
  "webcam-changed": [{ on: boolean }];
  "screen-share-changed": [{ on: boolean }];
  "recording-state-changed": [{ status: string }];
  "livestream-state-changed": [{ status: string }];
  "hls-state-changed": [{ status: string }];
  error: [FaultFields];
}

export type PrebuiltEvent = keyof PrebuiltEvents;

/** What the page around it may ask for. */
export const commands = [
  "leave",
  "end",
  "toggleMic",
  "toggleWebcam",
  "toggleScreenShare",
  "toggleHand",
  "toggleChat",
  "toggleParticipantList",
  "toggleLayout",
] as const;

export type Command = (typeof commands)[number];

/** From the meeting page. `klatch` is the version of the messages. */
export type FromPage =
  | { readonly klatch: 1; readonly event: PrebuiltEvent; readonly data: unknown }
  | { readonly klatch: 1; readonly answer: number };

/** To the meeting page; it answers with the same number when the command has run. */
export interface ToPage {
  readonly klatch: 1;
  readonly command: Command;
  readonly number: number;
}
