import type { Meeting, Participant } from "@klatch/sdk";
import { snapshot } from "./snapshot";
import { type Change, egressOf, viewOf } from "./view";

/**
 * Turns events of a meeting and of its participants into changes, until the returned function is called. Its
 * listeners are added at once: whoever listens to the meeting afterwards finds the view already changed.
 */
export function follow(meeting: Meeting, changed: (change: Change) => void): () => void {
  const undo: (() => void)[] = [];
  const followed = new Map<Participant, () => void>();
  const person = (p: Participant): void => changed({ type: "person", person: snapshot(p) });
  const devices = (): void =>
    changed({ type: "devices", camera: meeting.selectedCameraDevice, microphone: meeting.selectedMicrophoneDevice });

  const followPerson = (p: Participant): void => {
    if (followed.has(p)) return;
    const update = (): void => {
      // The last events of somebody who leaves may come after participant-left.
      if (!followed.has(p)) return;
      person(p);
      if (p.local) devices();
    };
    const stops = (
      [
        "stream-enabled",
        "stream-disabled",
        "media-status-changed",
        "stream-paused",
        "stream-resumed",
        "connection-changed",
      ] as const
    ).map((event) => p.on(event, update));
    followed.set(p, () => stops.forEach((stop) => stop()));
  };
  const unfollow = (p: Participant): void => {
    followed.get(p)?.();
    followed.delete(p);
  };
  const byId = (id: string): Participant | undefined =>
    id === meeting.localParticipant.id ? meeting.localParticipant : meeting.participants.get(id);

  undo.push(
    meeting.on("meeting-joined", () => {
      const { connection: _, ...known } = viewOf(meeting);
      changed({ type: "joined", at: Date.now(), ...known });
      for (const p of [meeting.localParticipant, ...meeting.participants.values()]) followPerson(p);
    }),
    meeting.on("meeting-left", (reason) => {
      for (const p of Array.from(followed.keys())) unfollow(p);
      changed({ type: "left", reason });
    }),
    meeting.on("meeting-state-changed", ({ state }) => changed({ type: "connection", state })),
    meeting.on("participant-joined", (p) => {
      followPerson(p);
      person(p);
    }),
    meeting.on("participant-left", (p) => {
      unfollow(p);
      changed({ type: "person-left", id: p.id });
    }),
    meeting.on("participant-mode-changed", ({ participantId }) => {
      const p = byId(participantId);
      if (p) person(p);
    }),
    meeting.on("pin-state-changed", ({ participantId }) => {
      const p = byId(participantId);
      if (p) person(p);
    }),
    meeting.on("lock-changed", (change) => changed({ type: "lock", ...change })),
    meeting.on("restrictions-changed", (change) => changed({ type: "restrictions", ...change })),
    meeting.on("speaker-changed", (id) => changed({ type: "speaker", id, at: Date.now() })),
    meeting.on("presenter-changed", (id) => changed({ type: "presenter", id })),
    meeting.on("main-participant-changed", (p) => changed({ type: "main", id: p?.id ?? null })),
  );
  for (const event of ["recording-state-changed", "livestream-state-changed", "hls-state-changed"] as const)
    undo.push(meeting.on(event, () => changed({ type: "egress", egress: egressOf(meeting) })));

  return () => {
    for (const stop of undo) stop();
    for (const p of Array.from(followed.keys())) unfollow(p);
  };
}
