import { devicesOf } from "./devices.js";
import { type Fault, type FaultContext, faults } from "./fault.js";
import type { StreamKind } from "./types.js";

/** What a sender has sent of a stream. */
export interface Sent {
  readonly packets: number;
  /** Of a picture; packets of a sound. */
  readonly media: number;
  /** When the last receiver report came that names the stream, by a clock of the browser's; 0 for none. */
  readonly reportedAt: number;
}

export interface MediaWatchOwner {
  /** Undefined while there is no connection: that is told elsewhere. */
  sent(kind: StreamKind): Promise<Sent | undefined>;
  fault(fault: Fault): void;
  /** What a fault told is over, after so long. */
  cleared(fault: Fault, forMs: number): void;
  where(): FaultContext;
  /** A stream that is on gives nothing, so that others must not see it as on. */
  silent(kind: StreamKind): void;
  /** It returns something again. */
  flows(kind: StreamKind, track: MediaStreamTrack): void;
  /** The page stopped the track of a stream that is on. */
  ended(kind: StreamKind, track: MediaStreamTrack): void;
}

/** Times in milliseconds. */
export const watchTimes = { tick: 1_000, silent: 8_000, muted: 5_000, unheard: 8_000 };

/** A fault that lasts. */
interface Condition {
  readonly fault: Fault;
  readonly since: number;
}

/** A stream that is on. */
interface Watched {
  readonly track: MediaStreamTrack;
  /** It comes from a camera or microphone. Asked at the beginning: a browser whose camera hangs does not answer. */
  device: boolean;
  /** What had been sent of the kind before it was switched on. */
  media: number;
  /** A picture that was sent once may stand still. */
  flowed: boolean;
  silentMs: number;
  /** Pictures that a camera has delivered; undefined where the browser does not count them. */
  frames: number | undefined;
  mutedMs: number;
  packets: number;
  reportedAt: number;
  /** For how long packets were sent of which no report came. */
  unheardMs: number;
  /** MUTED_BY_SYSTEM. */
  muted: Condition | undefined;
  /** NO_MEDIA_SENT. */
  silent: Condition | undefined;
  /** MEDIA_NOT_ARRIVING. */
  unheard: Condition | undefined;
}

const makers = {
  audio: { silent: faults.startingAudioNoMediaSent, ended: faults.microphoneTrackEndedTrackEnded },
  video: { silent: faults.startingVideoNoMediaSent, ended: faults.webcamTrackEndedTrackEnded },
  share: { silent: faults.startingScreenshareNoMediaSent, ended: faults.startingScreenshareTrackEnded },
  shareAudio: { silent: faults.startingScreenshareNoMediaSent, ended: faults.startingScreenshareTrackEnded },
} as const;

/**
 * MediaWatch looks whether media leaves the device while a stream is on: a track that the page stopped (`ended` does
 * not fire then: Media Capture and Streams, 4.3.1), a device that the system muted, a source that gives nothing; and
 * whether what leaves arrives: the server reports each second on what it has heard (RFC 3550, 6.4). Each is told once,
 * and when it is over. No fault is a picture that stands still, unless a camera delivers no more, one that is not drawn
 * because the page is hidden, a quiet tab that is shared, and a stream whose connection is being restored.
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
    this.#forget(kind);
    const watched: Watched = {
      track,
      device: false,
      media: before?.media ?? 0,
      packets: before?.packets ?? 0,
      reportedAt: before?.reportedAt ?? 0,
      flowed: false,
      silentMs: 0,
      frames: undefined,
      mutedMs: 0,
      unheardMs: 0,
      muted: undefined,
      silent: undefined,
      unheard: undefined,
    };
    this.#watched.set(kind, watched);
    void isDevice(track).then((device) => (watched.device = device));
    this.#at = Date.now();
    this.#timer ??= setInterval(() => void this.#look(), watchTimes.tick);
  }

  stop(kind: StreamKind): void {
    this.#forget(kind);
    if (this.#watched.size === 0) this.close();
  }

  close(): void {
    for (const kind of this.#watched.keys()) this.#forget(kind);
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Whether a stream is off because its source gives nothing, or is muted by the system. */
  isSilent(kind: StreamKind): boolean {
    const watched = this.#watched.get(kind);
    return watched?.silent !== undefined || watched?.muted !== undefined;
  }

  #forget(kind: StreamKind): void {
    const watched = this.#watched.get(kind);
    this.#watched.delete(kind);
    this.#clear(watched?.muted);
    this.#clear(watched?.silent);
    this.#clear(watched?.unheard);
  }

  #raise(fault: Fault): Condition {
    this.#owner.fault(fault);
    return { fault, since: Date.now() };
  }

  #clear(condition: Condition | undefined): void {
    if (condition) this.#owner.cleared(condition.fault, Date.now() - condition.since);
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
    if (watched.muted) return track.muted ? undefined : this.#unmuted(kind, watched);
    watched.mutedMs = track.muted ? watched.mutedMs + passed : 0;
    if (watched.mutedMs >= watchTimes.muted && !watched.silent && isCapture(kind) && watched.device) {
      const make = kind === "audio" ? faults.startingAudioMutedBySystem : faults.startingVideoMutedBySystem;
      watched.muted = this.#raise(make({ ...facts, forMs: watched.mutedMs }, this.#owner.where()));
      // Who speaks again should be heard before the next look.
      track.addEventListener("unmute", () => this.#unmuted(kind, watched), { once: true });
      return this.#owner.silent(kind);
    }
    if (!sent || !present()) return;
    this.#hear(kind, watched, sent, passed);
    if (sent.media !== watched.media) {
      // Another connection begins to count at 0: nothing was sent on it yet.
      const flows = sent.media > watched.media;
      watched.flowed ||= flows;
      watched.media = sent.media;
      watched.silentMs = 0;
      if (!flows || !watched.silent) return;
      this.#clear(watched.silent);
      watched.silent = undefined;
      return this.#owner.flows(kind, track);
    }
    const picture = kind === "video" || kind === "share";
    if (kind === "shareAudio" || (picture && document.visibilityState === "hidden")) return;
    if (picture && watched.flowed && !(kind === "video" && watched.device && this.#stands(watched))) return;
    watched.silentMs += passed;
    if (watched.silentMs < watchTimes.silent || watched.silent) return;
    watched.silent = this.#raise(makers[kind].silent({ ...facts, forMs: watched.silentMs }, this.#owner.where()));
    this.#owner.silent(kind);
  }

  /** Whether no picture came since the last look: a camera delivers some also of a dark room. */
  #stands(watched: Watched): boolean {
    const before = watched.frames;
    watched.frames = (watched.track as CountingTrack).stats?.totalFrames;
    const stands = before !== undefined && before === watched.frames;
    if (!stands) watched.silentMs = 0;
    return stands;
  }

  /** The device of a stream gives something again. What was sent meanwhile is no media of it. */
  #unmuted(kind: StreamKind, watched: Watched): void {
    if (!watched.muted || this.#watched.get(kind) !== watched) return;
    this.#clear(watched.muted);
    watched.muted = undefined;
    watched.mutedMs = watched.silentMs = watched.unheardMs = 0;
    this.#owner.flows(kind, watched.track);
  }

  /**
   * Looks whether the server reports on what is sent. One stream that does not arrive is told, not all of a connection.
   */
  #hear(kind: StreamKind, watched: Watched, { packets, reportedAt }: Sent, passed: number): void {
    const sending = packets > watched.packets;
    watched.packets = packets;
    if (reportedAt !== watched.reportedAt) {
      watched.reportedAt = reportedAt;
      watched.unheardMs = 0;
      this.#clear(watched.unheard);
      watched.unheard = undefined;
    } else if (sending) watched.unheardMs += passed;
    if (watched.unheardMs < watchTimes.unheard || [...this.#watched.values()].some(({ unheard }) => unheard)) return;
    const details = { connection: "publish", kind, packetsSent: packets, forMs: watched.unheardMs };
    watched.unheard = this.#raise(faults.mediaConnectionLostMediaNotArriving(details, this.#owner.where()));
  }
}

/** A track that counts what its source delivers: Media Capture and Streams Extensions, 6. */
type CountingTrack = MediaStreamTrack & { readonly stats?: { readonly totalFrames: number } };

const isCapture = (kind: StreamKind): kind is "audio" | "video" => kind === "audio" || kind === "video";

function stateOf({ readyState, enabled, muted }: MediaStreamTrack): string {
  return [readyState, ...(enabled ? [] : ["not enabled"]), ...(muted ? ["muted"] : [])].join(", ");
}

/**
 * Whether a track comes from a camera or microphone, and not from a canvas, an AudioContext or another page's stream.
 */
async function isDevice(track: MediaStreamTrack): Promise<boolean> {
  const { deviceId = "" } = track.getSettings();
  const devices = await devicesOf(track.kind === "audio" ? "audioinput" : "videoinput").catch(() => []);
  return devices.some((device) => device.deviceId === deviceId);
}
