import type { RoomState } from "../state/room";

/** What stands large in the speaker layout. */
export interface Main {
  readonly kind: "share" | "cam";
  readonly id: string;
}

/**
 * Chooses what stands large: whom I keep large myself, then a screen share (the newest, or the one I chose), then whom a moderator pinned for
 * everybody, then who speaks or spoke last, then the first of the others, and alone oneself.
 */
export function mainOf(state: RoomState, focusId: string | null, shareId: string | null = null): Main | undefined {
  const { people } = state;
  if (focusId !== null && people.some((p) => p.id === focusId)) return { kind: "cam", id: focusId };
  const sharing = people.filter((p) => p.on.share);
  const presenter =
    sharing.find((p) => p.id === shareId) ?? sharing.find((p) => p.id === state.presenterId) ?? sharing[0];
  if (presenter !== undefined) return { kind: "share", id: presenter.id };
  const pinned = people.find((p) => p.pin.cam);
  if (pinned !== undefined) return { kind: "cam", id: pinned.id };
  const others = people.filter((p) => !p.local);
  const speaker =
    others.find((p) => p.id === state.speakerId) ?? others.toSorted((a, b) => b.spokeAt - a.spokeAt)[0] ?? people[0];
  return speaker === undefined ? undefined : { kind: "cam", id: speaker.id };
}
