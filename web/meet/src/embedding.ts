import { commands, type Command, type PrebuiltEvent, type PrebuiltEvents, type ToPage } from "@klatch/prebuilt";
import { effect } from "@preact/signals";
import type { Person, RoomState } from "./state/room";
import type { Store } from "./state/store";

/**
 * Tells the page around this one what happens, and takes its commands. Only the origin that the address names is
 * told, and only messages of the page around this one count.
 */
export function embed(store: Store, parent: Window, own: Window): void {
  const { parentOrigin, fault } = store.asked;
  if (parentOrigin === "" || parent === own) return;
  const tell = <Event extends PrebuiltEvent>(event: Event, ...[data]: PrebuiltEvents[Event]): void =>
    parent.postMessage({ klatch: 1, event, data }, parentOrigin);
  if (fault !== null) return tell("error", plain(fault));

  own.addEventListener("message", ({ source, origin, data }: MessageEvent<Partial<ToPage> | null>) => {
    if (source !== parent || origin !== parentOrigin || data?.klatch !== 1) return;
    const { command, number } = data;
    if (command === undefined || !commands.includes(command)) return;
    const answer = (): void => parent.postMessage({ klatch: 1, answer: number }, parentOrigin);
    void Promise.resolve(run[command](store)).finally(answer);
  });
  let before = store.room.peek();
  effect(() => {
    const now = store.room.value;
    for (const [event, data] of changes(before, now))
      tell(event, ...([data] as unknown as PrebuiltEvents[typeof event]));
    before = now;
  });
  tell("ready");
}

const run: Readonly<Record<Command, (store: Store) => Promise<void> | void>> = {
  leave: (store) => store.leave(),
  end: (store) => store.endForAll(),
  toggleMic: (store) => store.toggleMic(),
  toggleWebcam: (store) => store.toggleCam(),
  toggleScreenShare: (store) => store.toggleShare(),
  toggleHand: (store) => store.toggleHand(),
  toggleChat: (store) => store.screen.togglePanel("chat"),
  toggleParticipantList: (store) => store.screen.togglePanel("people"),
  toggleLayout: (store) => store.screen.toggleLayout(),
};

/** What has happened between two states, for the page around. */
export function changes(before: RoomState, now: RoomState): [PrebuiltEvent, unknown][] {
  const events: [PrebuiltEvent, unknown][] = [];
  const me = now.people.find((p) => p.local);
  const entered = now.phase === "meeting" && before.phase !== "meeting";
  if (entered && me !== undefined) events.push(["meeting-joined", { participantId: me.id }]);
  const others = (state: RoomState): Person[] => state.people.filter((p) => !p.local);
  for (const p of others(now))
    if (!before.people.some(({ id }) => id === p.id))
      events.push(["participant-joined", { participantId: p.id, name: p.name }]);
  for (const p of others(before))
    if (!now.people.some(({ id }) => id === p.id)) events.push(["participant-left", { participantId: p.id }]);
  const was = before.people.find((p) => p.local);
  const switches = [
    ["mic-changed", "audio"],
    ["webcam-changed", "video"],
    ["screen-share-changed", "share"],
  ] as const;
  for (const [event, kind] of switches)
    if ((me?.on[kind] ?? false) !== (was?.on[kind] ?? false)) events.push([event, { on: me?.on[kind] ?? false }]);
  for (const kind of ["recording", "livestream", "hls"] as const)
    if (now.egress[kind] !== before.egress[kind]) events.push([`${kind}-state-changed`, { status: now.egress[kind] }]);
  for (const fault of now.faults)
    if (!before.faults.some(({ id }) => id === fault.id)) events.push(["error", plain(fault)]);
  if (now.mutedSpeech !== null && now.mutedSpeech.id !== before.mutedSpeech?.id)
    events.push(["error", plain(now.mutedSpeech)]);
  if (now.phase === "left" && before.phase !== "left")
    events.push(["meeting-left", { fault: now.left.fault === null ? null : plain(now.left.fault) }]);
  return events;
}

/** An error has fields that a message does not carry. */
function plain<T extends object>(fault: T): T {
  return JSON.parse(JSON.stringify(fault)) as T;
}
