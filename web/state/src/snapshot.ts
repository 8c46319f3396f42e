import type { ConnectionState, MetaData, Mode, Participant, PinState, Stream, StreamKind } from "@klatch/sdk";

export const streamKinds: readonly StreamKind[] = ["audio", "video", "share", "shareAudio"];

/** A participant as a plain value: what is sent, and what of it has arrived here. */
export interface Snapshot {
  readonly id: string;
  /** The display name, or one made of the id where there is none. */
  readonly name: string;
  readonly local: boolean;
  readonly mode: Mode;
  readonly metaData: MetaData | undefined;
  readonly on: Readonly<Record<StreamKind, boolean>>;
  readonly streams: Readonly<Partial<Record<StreamKind, Stream>>>;
  readonly tracks: Readonly<Partial<Record<StreamKind, MediaStreamTrack>>>;
  /** Streams of which nothing is received, whoever paused them. */
  readonly paused: readonly StreamKind[];
  /** Streams that the server does not send, because the connection here is too slow. */
  readonly lowBandwidth: readonly StreamKind[];
  readonly pin: PinState;
  /** RECONNECTING: the server cannot reach the participant at the moment. */
  readonly connectionState: ConnectionState;
}

/** Returns a participant of the SDK as a plain value. */
export function snapshot(p: Participant): Snapshot {
  const streams: Partial<Record<StreamKind, Stream>> = {};
  const tracks: Partial<Record<StreamKind, MediaStreamTrack>> = {};
  for (const stream of p.streams.values()) {
    streams[stream.kind] = stream;
    tracks[stream.kind] = stream.track;
  }
  return {
    id: p.id,
    name: nameOr(p.displayName, p.id),
    local: p.local,
    mode: p.mode,
    metaData: p.metaData,
    on: { audio: p.micOn, video: p.webcamOn, share: p.screenShareOn, shareAudio: p.screenShareAudioOn },
    streams,
    tracks,
    paused: streamKinds.filter((kind) => streams[kind]?.paused),
    lowBandwidth: streamKinds.filter((kind) => streams[kind]?.pauseReason === "bandwidth"),
    pin: p.pinState,
    connectionState: p.connectionState,
  };
}

/** Returns the display name, or one made of the id, so that nobody is shown without a name. */
export function nameOr(name: string, id: string): string {
  return name.trim() === "" ? `Guest ${id.slice(0, 4)}` : name.trim();
}
