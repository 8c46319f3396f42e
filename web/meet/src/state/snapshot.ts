import type { Participant, StreamKind } from "@klatch/sdk";
import type { Snapshot } from "./room";

const kinds: readonly StreamKind[] = ["audio", "video", "share", "shareAudio"];

/** A participant of the SDK as a plain value. */
export function snapshot(p: Participant): Snapshot {
  const tracks: Partial<Record<StreamKind, MediaStreamTrack>> = {};
  for (const kind of kinds) {
    const stream = p.stream(kind);
    if (stream !== undefined) tracks[kind] = stream.track;
  }
  return {
    id: p.id,
    name: nameOr(p.displayName, p.id),
    local: p.local,
    on: { audio: p.micOn, video: p.webcamOn, share: p.screenShareOn, shareAudio: p.screenShareAudioOn },
    tracks,
    lowBandwidth: kinds.filter((kind) => p.stream(kind)?.pauseReason === "bandwidth"),
    pin: p.pinState,
  };
}

/** Nobody goes without a name: the id tells people apart. */
export function nameOr(name: string, id: string): string {
  return name.trim() === "" ? `Guest ${id.slice(0, 4)}` : name.trim();
}
