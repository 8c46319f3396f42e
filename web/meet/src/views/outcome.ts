import { Codes, type FaultFields, type LeaveReason } from "@klatch/sdk";
import { t, type Text } from "../text/inside";

export interface Outcome {
  readonly title: string;
  readonly text: string;
  /** Another link is needed: trying the same again cannot work. */
  readonly needsLink: boolean;
}

const byCode: Readonly<Record<number, Text>> = {
  [Codes.DUPLICATE_PARTICIPANT]: "joinedElsewhere",
  [Codes.MAX_PARTICIPANT_REACHED]: "meetingFull",
  [Codes.MEETING_ID_DISABLED]: "meetingClosed",
  [Codes.LOBBY_DENIED]: "notLetIn",
  [Codes.LOBBY_TIMEOUT]: "nobodyLetYouIn",
  [Codes.PARTICIPANT_REMOVED]: "removed",
  [Codes.MEETING_ENDED]: "meetingEnded",
};

const byReason: Readonly<Record<number, readonly [Text, Text]>> = {
  1001: ["connectionLost", "pageNotHeard"],
  1002: ["removed", "removedByModerator"],
  1006: ["meetingWasClosed", "closedByServer"],
  1008: ["meetingEnded", "endedByModerator"],
  1009: ["meetingEnded", "endedByApp"],
  1010: ["removed", "removedByApp"],
  1011: ["joinedElsewhere", "joinedElsewhereWhy"],
  1101: ["youLeft", "seeYou"],
  1102: ["connectionLost", "reconnectsFailed"],
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
  const known = reason === null ? undefined : byReason[reason.code];
  const title = known?.[0] ?? "youAreOut";
  if (fault === null) return { title: t(title), text: known === undefined ? "" : t(known[1]), needsLink: false };
  const needsLink = linkCodes.has(fault.code);
  if (fault.code === Codes.PARTICIPANT_REMOVED && typeof fault.details?.["byName"] === "string") {
    const text = t("removedBy", { name: fault.details["byName"] });
    return { title: t(byCode[fault.code] ?? title), text, needsLink };
  }
  if (fault.code === Codes.LOBBY_DENIED && fault.reason === "LOCKED") {
    return { title: t("meetingLocked"), text: "", needsLink };
  }
  const fallback = wasInside ? title : "couldNotJoin";
  return { title: t(byCode[fault.code] ?? fallback), text: "", needsLink };
}
