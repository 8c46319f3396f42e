/** Which faults somebody in a meeting is shown as a line, and when a line has lost its cause. */
import { Codes, type FaultFields } from "@klatch/sdk";

/** What a fault is about: something that a person does, and that works again once it has worked. */
export type Cause =
  | "mic"
  | "cam"
  | "share"
  | "hand"
  | "react"
  | "chat"
  | "lock"
  | "rights"
  | "recording"
  | "livestream"
  | "hls"
  | "connection";

const causes: Readonly<Record<number, Cause>> = {
  [Codes.ERROR_STARTING_VIDEO]: "cam",
  [Codes.ERROR_STARTING_AUDIO]: "mic",
  [Codes.ERROR_STARTING_SCREENSHARE]: "share",
  [Codes.ERROR_GET_VIDEO_MEDIA_PERMISSION_DENIED]: "cam",
  [Codes.ERROR_GET_AUDIO_MEDIA_PERMISSION_DENIED]: "mic",
  [Codes.ERROR_GET_DISPLAY_MEDIA_PERMISSION_DENIED]: "share",
  [Codes.ERROR_CAMERA_ACCESS_DENIED_OR_DISMISSED]: "cam",
  [Codes.ERROR_MICROPHONE_ACCESS_DENIED_OR_DISMISSED]: "mic",
  [Codes.ERROR_CAMERA_PERMISSION_DENIED_BY_OS]: "cam",
  [Codes.ERROR_MICROPHONE_PERMISSION_DENIED_BY_OS]: "mic",
  [Codes.ERROR_CAMERA_NOT_FOUND]: "cam",
  [Codes.ERROR_MICROPHONE_NOT_FOUND]: "mic",
  [Codes.ERROR_CAMERA_IN_USE]: "cam",
  [Codes.ERROR_MICROPHONE_IN_USE]: "mic",
  [Codes.ERROR_VIDEO_SOURCE_INITIATION_FAILED]: "cam",
  [Codes.ERROR_WEBCAM_TRACK_ENDED]: "cam",
  [Codes.ERROR_MICROPHONE_TRACK_ENDED]: "mic",
  [Codes.ERROR_CAMERA_ACCESS_UNAVAILABLE]: "cam",
  [Codes.ERROR_MICROPHONE_ACCESS_UNAVAILABLE]: "mic",
  [Codes.ERROR_WEBCAM_PRODUCE_FAILED]: "cam",
  [Codes.ERROR_MICROPHONE_PRODUCE_FAILED]: "mic",
  [Codes.ERROR_SCREENSHARE_PRODUCE_FAILED]: "share",
  [Codes.ERROR_NO_WEBCAM_DEVICE_FOUND]: "cam",
  [Codes.ERROR_NO_MICROPHONE_DEVICE_FOUND]: "mic",
  [Codes.ERROR_MEETING_RECONNECTING]: "connection",
  [Codes.ERROR_OPERATION_TIMED_OUT]: "connection",
  [Codes.MEDIA_CONNECTION_LOST]: "connection",
};

/** Returns what a fault is about, where its code says it; a fault of a call is about that call as well. */
export function causeOf({ code }: FaultFields): Cause | undefined {
  return causes[code];
}

/**
 * What a person did itself, or what needs nothing of anybody: no line says it. "CODE.REASON", or a code for all of its
 * reasons.
 */
const quiet: ReadonlySet<string> = new Set([
  `${Codes.ERROR_GET_DISPLAY_MEDIA_PERMISSION_DENIED}.USER_CANCELLED`,
  `${Codes.ERROR_CAMERA_ACCESS_DENIED_OR_DISMISSED}.PERMISSION_DISMISSED`,
  `${Codes.ERROR_MICROPHONE_ACCESS_DENIED_OR_DISMISSED}.PERMISSION_DISMISSED`,
  `${Codes.ERROR_ALREADY_IN_REQUESTED_STATE}`,
  `${Codes.ERROR_OPERATION_IN_PROGRESS}`,
  `${Codes.ERROR_OPERATION_ABORTED}`,
  `${Codes.ERROR_VIDEO_PRODUCE_CODEC_NOT_SUPPORTED}`,
  `${Codes.ERROR_MULTISTREAM_NOT_SUPPORTED}`,
  `${Codes.ADAPTIVE_SUBSCRIPTION_NOT_ENABLED_BY_SDK}`,
  `${Codes.UNSUPPORTED_ENVIRONMENT}.NO_STATS`,
]);

/** What a person did itself is no problem either: nothing went wrong. */
const own: ReadonlySet<string> = new Set([
  `${Codes.ERROR_GET_DISPLAY_MEDIA_PERMISSION_DENIED}.USER_CANCELLED`,
  `${Codes.ERROR_OPERATION_ABORTED}.LEFT`,
  `${Codes.ERROR_OPERATION_ABORTED}.CANCELLED`,
]);

/** Speaking while muted is no problem but something to be told at once, with a button that unmutes. */
export function isMutedSpeech({ code, reason }: FaultFields): boolean {
  return code === Codes.CLIENT_IMPAIRED && reason === "SPEAKING_WHILE_MUTED";
}

/** The camera is off, because it cannot be shown as this person wants it to be. */
export function isBackgroundFailed({ code, reason }: FaultFields): boolean {
  return code === Codes.ERROR_STARTING_VIDEO && reason === "BACKGROUND_FAILED";
}

export function isQuiet({ code, reason }: FaultFields): boolean {
  return quiet.has(String(code)) || quiet.has(`${code}.${reason}`);
}

export function isOwnDoing({ code, reason }: FaultFields): boolean {
  return own.has(`${code}.${reason}`);
}

/** How many lines stand over the stage at once; the others are in the list of problems. */
export const maxLines = 2;
