import { devicesOf } from "./devices.js";
import { type Fault, type FaultContext, faults } from "./fault.js";
import type { StreamKind } from "./types.js";

/** What a sender has sent of a stream. */
export interface Sent {
  readonly packets: number;
  /** Of a picture; packets of a sound. */
  readonly media: number;
}

export interface MediaWatchOwner {
  /** Undefined while there is no connection: that is told elsewhere. */
  sent(kind: StreamKind): Promise<Sent | undefined>;
  fault(fault: Fault): void;
  where(): FaultContext;
  /** The page stopped the track of a stream that is on. */
  ended(kind: StreamKind, track: MediaStreamTrack): void;
  /** The device of a stream that is on gives nothing until it is unmuted. */
  muted(kind: StreamKind, track: MediaStreamTrack): void;
}

/** Times in milliseconds. */
export const watchTimes = { tick: 1_000, silent: 8_000, muted: 5_000 };

/** A stream that is on. */
interface Watched {
  readonly track: MediaStreamTrack;
  /** What had been sent of the kind before it was switched on. */
  media: number;
  /** A picture that was sent once may stand still. */
  flowed: boolean;
  silentMs: number;
  mutedMs: number;
  told: boolean;
}

const makers = {
  audio: { silent: faults.startingAudioNoMediaSent, ended: faults.startingAudioTrackEnded },
  video: { silent: faults.startingVideoNoMediaSent, ended: faults.startingVideoTrackEnded },
  share: { silent: faults.startingScreenshareNoMediaSent, ended: faults.startingScreenshareTrackEnded },
  shareAudio: { silent: faults.startingScreenshareNoMediaSent, ended: faults.startingScreenshareTrackEnded },
} as const;

/**
 * MediaWatch looks whether media leaves the device while a stream is on: a track that the page stopped (`ended` does not
 * fire then: Media Capture and Streams, 4.3.1), a device that the system muted, a source that gives nothing. Each is told
 * once. No fault is a picture that stands still, one that is not drawn because the page is hidden, a quiet tab that is shared, and a stream
 * whose connection is being restored.
 */
export class MediaWatch {
  readonly #owner: MediaWatchOwner;
  readonly #watched = new Map<StreamKind, Watched>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #at = 0;
  #looking = false;

  constructor(owner: MediaWatchOwner) {
    this.#owner = owner;
  }

  /** The stream is on; `before` is what had been sent of the kind until then. */
  start(kind: StreamKind, track: MediaStreamTrack, before: Sent | undefined): void {
    this.#watched.set(kind, { track, media: before?.media ?? 0, flowed: false, silentMs: 0, mutedMs: 0, told: false });
    this.#at = Date.now();
    this.#timer ??= setInterval(() => void this.#look(), watchTimes.tick);
  }

  stop(kind: StreamKind): void {
    this.#watched.delete(kind);
    if (this.#watched.size === 0) this.close();
  }

  close(): void {
    this.#watched.clear();
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const now = Date.now();
    // A timer that is late, because the page or the machine slept, counts as if it were not.
    const passed = Math.min(now - this.#at, 2 * watchTimes.tick);
    this.#at = now;
    try {
      for (const [kind, watched] of this.#watched) await this.#lookAt(kind, watched, passed);
    } finally {
      this.#looking = false;
    }
  }

  async #lookAt(kind: StreamKind, watched: Watched, passed: number): Promise<void> {
    const { track } = watched;
    const sent = await this.#owner.sent(kind).catch(() => undefined);
    const present = (): boolean => this.#watched.get(kind) === watched;
    if (!present()) return;
    const facts = { kind, label: track.label, trackState: stateOf(track), packetsSent: sent?.packets ?? 0 };
    if (track.readyState === "ended") {
      this.#watched.delete(kind);
      this.#owner.fault(makers[kind].ended(facts, this.#owner.where()));
      return this.#owner.ended(kind, track);
    }
    watched.mutedMs = track.muted ? watched.mutedMs + passed : 0;
    if (watched.mutedMs >= watchTimes.muted && (kind === "audio" || kind === "video") && (await isDevice(track))) {
      if (!present()) return;
      this.#watched.delete(kind);
      const make = kind === "audio" ? faults.startingAudioMutedBySystem : faults.startingVideoMutedBySystem;
      this.#owner.fault(make({ ...facts, forMs: watched.mutedMs }, this.#owner.where()));
      return this.#owner.muted(kind, track);
    }
    if (!sent || !present()) return;
    if (sent.media !== watched.media) {
      // Another connection begins to count at 0: nothing was sent on it yet.
      watched.flowed ||= sent.media > watched.media;
      watched.media = sent.media;
      watched.silentMs = 0;
      return;
    }
    const picture = kind === "video" || kind === "share";
    if (kind === "shareAudio" || (picture && (watched.flowed || document.visibilityState === "hidden"))) return;
    watched.silentMs += passed;
    if (watched.silentMs < watchTimes.silent || watched.told) return;
    watched.told = true;
    this.#owner.fault(makers[kind].silent({ ...facts, forMs: watched.silentMs }, this.#owner.where()));
  }
}

function stateOf({ readyState, enabled, muted }: MediaStreamTrack): string {
  return [readyState, ...(enabled ? [] : ["not enabled"]), ...(muted ? ["muted"] : [])].join(", ");
}

/** Whether a track comes from a camera or microphone, and not from a canvas, an AudioContext or another page's stream. */
async function isDevice(track: MediaStreamTrack): Promise<boolean> {
  const { deviceId = "" } = track.getSettings();
  const devices = await devicesOf(track.kind === "audio" ? "audioinput" : "videoinput").catch(() => []);
  return devices.some((device) => device.deviceId === deviceId);
}
