import type { FaultFields } from "@klatch/sdk";

/** What the detail leaves open: which device, which stream. The rest say it themselves. */
const titles: Readonly<Record<number, string>> = {
  3011: "The camera did not start",
  3012: "The microphone did not start",
  3013: "The screen share did not start",
  4011: "The recording did not start",
  4012: "The recording did not stop",
  4013: "The livestream did not start",
  4014: "The livestream did not stop",
  4015: "The livestream did not start",
  4016: "The watch page did not start",
  4017: "The watch page did not stop",
  4018: "The last recording is still being finished",
  4019: "The last livestream is still being finished",
  4020: "The last watch page is still being finished",
  5001: "The recording failed",
  5002: "The livestream failed",
  5003: "The watch page failed",
  5004: "The recording reached its time limit",
  5005: "The livestream reached its time limit",
  5006: "The watch page reached its time limit",
};

/** The same of one target of a livestream, which may go on with the others. */
const targetTitles: Readonly<Record<number, string>> = {
  4013: "A target of the livestream did not start",
  5002: "A target of the livestream failed",
};

/** The same where it goes on without anything to show. */
const blindTitles: Readonly<Record<number, string>> = {
  5001: "The recording gets no picture and no sound",
  5002: "The livestream gets no picture and no sound",
  5003: "The watch page gets no picture and no sound",
};

/** Undefined where the detail says all. */
export function titleOf({ code, reason, details }: FaultFields): string | undefined {
  const part = typeof details?.["output"] === "number" ? targetTitles : reason === "MEDIA_LOST" ? blindTitles : titles;
  return part[code] ?? titles[code];
}
