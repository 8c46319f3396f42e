import { Codes, type FaultFields } from "@klatch/sdk";

/** What the detail leaves open: which device, which stream. The rest say it themselves. */
const titles: Readonly<Record<number, string>> = {
  [Codes.ERROR_STARTING_VIDEO]: "The camera did not start",
  [Codes.ERROR_STARTING_AUDIO]: "The microphone did not start",
  [Codes.ERROR_STARTING_SCREENSHARE]: "The screen share did not start",
  [Codes.START_RECORDING_FAILED]: "The recording did not start",
  [Codes.STOP_RECORDING_FAILED]: "The recording did not stop",
  [Codes.START_LIVESTREAM_FAILED]: "The livestream did not start",
  [Codes.STOP_LIVESTREAM_FAILED]: "The livestream did not stop",
  [Codes.INVALID_LIVESTREAM_CONFIG]: "The livestream did not start",
  [Codes.START_HLS_FAILED]: "The watch page did not start",
  [Codes.STOP_HLS_FAILED]: "The watch page did not stop",
  [Codes.PREV_RECORDING_PROCESSING]: "The last recording is still being finished",
  [Codes.PREV_RTMP_RECORDING_PROCESSING]: "The last livestream is still being finished",
  [Codes.PREV_HLS_STREAMING_PROCESSING]: "The last watch page is still being finished",
  [Codes.RECORDING_FAILED]: "The recording failed",
  [Codes.LIVESTREAM_FAILED]: "The livestream failed",
  [Codes.HLS_FAILED]: "The watch page failed",
  [Codes.RECORDING_DURATION_LIMIT_REACHED]: "The recording reached its time limit",
  [Codes.LIVESTREAM_DURATION_LIMIT_REACHED]: "The livestream reached its time limit",
  [Codes.HLS_DURATION_LIMIT_REACHED]: "The watch page reached its time limit",
};

/** The same of one target of a livestream, which may go on with the others. */
const targetTitles: Readonly<Record<number, string>> = {
  [Codes.START_LIVESTREAM_FAILED]: "A target of the livestream did not start",
  [Codes.LIVESTREAM_FAILED]: "A target of the livestream failed",
};

/** The same where it goes on without anything to show. */
const blindTitles: Readonly<Record<number, string>> = {
  [Codes.RECORDING_FAILED]: "The recording gets no picture and no sound",
  [Codes.LIVESTREAM_FAILED]: "The livestream gets no picture and no sound",
  [Codes.HLS_FAILED]: "The watch page gets no picture and no sound",
};

/** Undefined where the detail says all. */
export function titleOf({ code, reason, details }: FaultFields): string | undefined {
  const part = typeof details?.["output"] === "number" ? targetTitles : reason === "MEDIA_LOST" ? blindTitles : titles;
  const starting = details?.["startingCode"]; // a device failure: the newer codes are more exact than a title needs
  return part[code] ?? titles[typeof starting === "number" ? starting : code];
}
