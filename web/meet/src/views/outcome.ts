import type { FaultFields, LeaveReason } from "@klatch/sdk";

export interface Outcome {
  readonly title: string;
  readonly text: string;
  /** Another link is needed: trying the same again cannot work. */
  readonly needsLink: boolean;
}

const byCode: Readonly<Record<number, string>> = {
  4005: "You joined from another place",
  4009: "The meeting is full",
  4052: "This meeting is closed",
  4101: "You were not let in",
  4102: "Nobody let you in",
  4103: "You were removed from the meeting",
  4104: "The meeting has ended",
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
const linkCodes: ReadonlySet<number> = new Set([4001, 4002, 4003, 4004, 4008, 4022, 4023, 4024, 4053]);

/** What to tell somebody who is out, or did not get in. */
export function outcomeOf(fault: FaultFields | null, reason: LeaveReason | null, wasInside: boolean): Outcome {
  const [title, text] = (reason !== null && byReason[reason.code]) || ["You are out of the meeting", ""];
  if (fault === null) return { title, text, needsLink: false };
  const needsLink = linkCodes.has(fault.code);
  const fallback = wasInside ? title : "You could not join";
  return { title: byCode[fault.code] ?? fallback, text: "", needsLink };
}
