import { Codes, type FaultFields, type LeaveReason } from "@klatch/sdk";

export interface Outcome {
  readonly title: string;
  readonly text: string;
  /** Another link is needed: trying the same again cannot work. */
  readonly needsLink: boolean;
}

const byCode: Readonly<Record<number, string>> = {
  [Codes.DUPLICATE_PARTICIPANT]: "You joined from another place",
  [Codes.MAX_PARTICIPANT_REACHED]: "The meeting is full",
  [Codes.MEETING_ID_DISABLED]: "This meeting is closed",
  [Codes.LOBBY_DENIED]: "You were not let in",
  [Codes.LOBBY_TIMEOUT]: "Nobody let you in",
  [Codes.PARTICIPANT_REMOVED]: "You were removed from the meeting",
  [Codes.MEETING_ENDED]: "The meeting has ended",
};

const byReason: Readonly<Record<number, readonly [string, string]>> = {
  1001: ["The connection was lost", "The server did not hear from this page any more."],
  1002: ["You were removed from the meeting", "A moderator removed you."],
  1006: ["The meeting was closed", "The server closed this meeting."],
  1008: ["The meeting has ended", "A moderator ended it for everybody."],
  1009: ["The meeting has ended", "It was ended by the app that runs it."],
  1010: ["You were removed from the meeting", "The app that runs this meeting removed you."],
  1011: ["You joined from another place", "Only one place at a time can use your id."],
  1101: ["You left the meeting", "See you next time."],
  1102: ["The connection was lost", "Several attempts to reconnect did not succeed."],
};

/** Faults of the token or the account: the same link fails again. */
const linkCodes: ReadonlySet<number> = new Set<number>([
  Codes.INVALID_API_KEY,
  Codes.INVALID_TOKEN,
  Codes.INVALID_MEETING_ID,
  Codes.INVALID_PARTICIPANT_ID,
  Codes.INVALID_PERMISSIONS,
  Codes.UNAUTHORIZED_MEETING_ID,
  Codes.UNAUTHORIZED_PARTCIPANT_ID,
  Codes.UNAUTHORIZED_ROLE,
  Codes.APIKEY_DEACTIVATED,
]);

/** Whether to join again without being asked to: the server was away for too long, and comes back. */
export function comesBack(fault: FaultFields | null): boolean {
  if (fault === null) return false;
  const { code, reason, retryable } = fault;
  return (
    code === Codes.SERVER_SHUTDOWN ||
    (code === Codes.RECONNECT_FAILED && reason === "GAVE_UP") ||
    (code === Codes.SIGNALING_UNREACHABLE && retryable)
  );
}

/** What to tell somebody who is out, or did not get in. */
export function outcomeOf(fault: FaultFields | null, reason: LeaveReason | null, wasInside: boolean): Outcome {
  const [title, text] = (reason !== null && byReason[reason.code]) || ["You are out of the meeting", ""];
  if (fault === null) return { title, text, needsLink: false };
  const needsLink = linkCodes.has(fault.code);
  if (fault.code === Codes.PARTICIPANT_REMOVED && typeof fault.details?.["byName"] === "string") {
    const text = `${fault.details["byName"]} removed you. To come back you have to be let in.`;
    return { title: byCode[fault.code] ?? title, text, needsLink };
  }
  const fallback = wasInside ? title : "You could not join";
  return { title: byCode[fault.code] ?? fallback, text: "", needsLink };
}
