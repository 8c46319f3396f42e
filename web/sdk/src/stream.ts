import { Emitter } from "./emitter.js";
import type { StreamEvents, StreamKind } from "./types.js";
import type { WireStream } from "./wire.js";

/** @internal Receives the stream or stops receiving it, in the name of that method. */
export type Consume = (enabled: boolean, method: string) => Promise<void>;

/** One medium of a participant, while its media is here. It has no events: listen to its participant. */
export class Stream extends Emitter<StreamEvents> {
  /** Stable while the participant is in the session. */
  readonly id: string;
  readonly kind: StreamKind;
  /** VP8, H264, VP9, AV1 or opus. */
  readonly codec: string;
  readonly #consume: Consume;
  #track: MediaStreamTrack;
  #paused = false;

  /** @internal */
  constructor(wire: WireStream, track: MediaStreamTrack, consume: Consume) {
    super("stream", {});
    this.id = wire.id;
    this.kind = wire.kind;
    this.codec = wire.codec;
    this.#track = track;
    this.#consume = consume;
  }

  /** Play it with `element.srcObject = new MediaStream([stream.track])`. Another one after `stream-enabled`. */
  get track(): MediaStreamTrack {
    return this.#track;
  }

  /** pause() was called here. */
  get paused(): boolean {
    return this.#paused;
  }

  /** monitor, window or browser; of an own share. */
  get displaySurface(): string | undefined {
    return this.#track.getSettings().displaySurface;
  }

  /** Stops receiving a remote stream; its publisher and the others notice nothing. */
  async pause(): Promise<void> {
    await this.#consume(false, "stream.pause");
  }

  /** Receives it again: `stream-enabled` fires when the media is back. */
  async resume(): Promise<void> {
    await this.#consume(true, "stream.resume");
  }

  /** @internal */
  update(track: MediaStreamTrack): void {
    this.#track = track;
  }

  /** @internal */
  setPaused(paused: boolean): void {
    this.#paused = paused;
  }
}
