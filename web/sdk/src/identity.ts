import { type Fault, faults } from "./fault.js";
import type { MeetingOptions } from "./types.js";

/**
 * Finds before the network what the server would refuse for certain, under the codes of the published error event:
 * 4001, 4002, 4003, 4004. What needs a key to judge, the server judges.
 */
export function checkIdentity(
  token: string,
  { meetingId, participantId }: MeetingOptions,
  serverUrl: string,
): Fault | undefined {
  const at = { meetingId, server: serverUrl.replace(/[?#].*/s, "").replace(/\/+$/, "") };
  if (token === "") return faults.invalidTokenEmpty(at);
  const claims = claimsOf(token);
  if (claims && !("apikey" in claims))
    return faults.invalidAPIKeyKeyMissing({ claims: Object.keys(claims).sort() }, at);
  if (claims?.["apikey"] === "") return faults.invalidAPIKeyKeyEmpty(at);
  if (meetingId === "") return faults.invalidMeetingIDEmpty(at);
  const index = Array.from(participantId ?? "").findIndex((char) => /\s/u.test(char));
  if (index < 0) return undefined;
  const char = Array.from(participantId ?? "")[index]?.codePointAt(0) ?? 0;
  return faults.invalidParticipantIDWhitespace(
    { index, codePoint: `U+${char.toString(16).toUpperCase().padStart(4, "0")}` },
    at,
  );
}

// Letters and digits that nobody takes for another one; 8 of them have 39 bits.
const idDigits = "abcdefghjkmnpqrstuvwxyz23456789";

/**
 * The id of the local participant: the one that was asked for, that of the token, or one made here. It begins with a
 * letter, so that pages can use it in selectors.
 */
export function participantIdOf(token: string, { participantId }: Pick<MeetingOptions, "participantId">): string {
  if (participantId !== undefined) return participantId;
  const claimed = claimsOf(token)?.["participantId"];
  if (typeof claimed === "string" && claimed !== "") return claimed;
  const random = crypto.getRandomValues(new Uint32Array(8));
  return Array.from(random, (n, i) => idDigits[n % (i === 0 ? 23 : idDigits.length)]).join("");
}

/** The payload of what is a token by its shape; of anything else the server says what is wrong. */
function claimsOf(token: string): Record<string, unknown> | undefined {
  const [, payload = "", signature, ...more] = token.split(".");
  if (signature === undefined || more.length > 0) return undefined;
  try {
    const bytes = Uint8Array.from(atob(payload.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === "object" && claims !== null && !Array.isArray(claims)
      ? (claims as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
