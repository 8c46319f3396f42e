/**
 * The id of this person in a meeting, for a page that is reloaded: it comes back as the same participant, also into a
 * meeting that is locked. It is kept only from when the page goes until it is there again, so that a tab that is
 * duplicated meanwhile is another participant.
 */

/** For so long a server lets somebody back who has left a locked meeting. */
const keptMs = 60_000;

const keyOf = (meetingId: string): string => `klatch.id.${meetingId}`;

/** Tells tokens apart, and is none: the end of its signature. */
const markOf = (token: string): string => token.slice(-16);

export function keepId(storage: Storage | undefined, meetingId: string, token: string, id: string): void {
  try {
    storage?.setItem(keyOf(meetingId), JSON.stringify([id, markOf(token), Date.now()]));
  } catch {
    // It is full: this person comes back as somebody new.
  }
}

/** Returns the id that was kept, once; "" where there is none for this token. */
export function takeId(storage: Storage | undefined, meetingId: string, token: string): string {
  const kept = storage?.getItem(keyOf(meetingId));
  if (!kept) return "";
  storage?.removeItem(keyOf(meetingId));
  const [id, mark, at] = JSON.parse(kept) as [string, string, number];
  return mark === markOf(token) && Date.now() - at < keptMs ? id : "";
}
