import { Emitter, type EventNames } from "./emitter.js";
import type { DisplaySurface, PauseReason, StreamEvents, StreamKind, StreamState } from "./types.js";
import { displaySurface, type WireStream } from "./wire.js";

/** @internal What a stream asks of its participant. */
export interface StreamHost {
  pause(paused: boolean, method: string): Promise<void>;
  isPaused(): boolean;
  pauseReason(): PauseReason | undefined;
}

const streamEvents: EventNames<StreamEvents> = { state: true, "stream-state-changed": true };

/** @internal What the track of a share shows, where the browser tells. */
export const surfaceOf = (track: MediaStreamTrack): DisplaySurface | undefined =>
  displaySurface(track.getSettings().displaySurface, "displaySurface");

/** One medium of a participant, while its media is here. */
export class Stream extends Emitter<StreamEvents> {
  /** Stable while the participant is in the session. */
  readonly id: string;
  readonly kind: StreamKind;
  /** VP8, H264, VP9, AV1 or opus. */
  readonly codec: string;
  readonly #host: StreamHost;
  /** As its publisher has told it. */
  readonly #surface: DisplaySurface | undefined;
  #track: MediaStreamTrack;

  /** @internal */
  constructor(wire: WireStream, track: MediaStreamTrack, host: StreamHost) {
    super("stream", streamEvents);
    this.id = wire.id;
    this.kind = wire.kind;
    this.codec = wire.codec;
    this.#surface = wire.displaySurface;
    this.#track = track;
    this.#host = host;
  }

  /** Play it with `element.srcObject = new MediaStream([stream.track])`. Another one after `stream-enabled`. */
  get track(): MediaStreamTrack {
    return this.#track;
  }

  /** Nothing of it is received: pause() was called, or the event `stream-paused` of its participant says why. */
  get paused(): boolean {
    return this.#host.isPaused();
  }

  /** Why the server sends nothing of it, as `stream-paused` has said; undefined while it sends. Ours. */
  get pauseReason(): PauseReason | undefined {
    return this.#host.pauseReason();
  }

  /**
   * What the shared picture shows, one's own or somebody else's; undefined of other streams, and where the browser that
   * shares does not tell.
   */
  get displaySurface(): DisplaySurface | undefined {
    return this.kind === "share" ? (surfaceOf(this.#track) ?? this.#surface) : undefined;
  }

  /** Has the server send nothing of a remote stream; its publisher and the others notice nothing. */
  async pause(): Promise<void> {
    await this.#host.pause(true, "stream.pause");
  }

  /** Receives it again: `stream-resumed` of its participant fires when the media is back. */
  async resume(): Promise<void> {
    await this.#host.pause(false, "stream.resume");
  }

  /** @internal */
  update(track: MediaStreamTrack): void {
    this.#track = track;
  }

  /** @internal */
  tell(state: StreamState): void {
    const change = { state, timestamp: Date.now() };
    this.emit("state", change);
    this.emit("stream-state-changed", change);
  }

  /** @internal */
  get isWatched(): boolean {
    return this.listenerCount("state") + this.listenerCount("stream-state-changed") > 0;
  }
}
