import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { VideoSDKError, type FaultFields } from "@klatch/sdk";

/**
 * One device of the preview: a camera or a microphone. `wanted` is what the person set; `update` opens or
 * closes the device to match. Opening takes time and may be overtaken by another click, so only the newest
 * request keeps its stream and all others are stopped: no camera light stays on by accident.
 */
export class Capture {
  readonly #stream = signal<MediaStream | null>(null);
  readonly #fault = signal<FaultFields | null>(null);
  readonly #opening = signal(false);
  #owned = true;
  #turn = 0;
  #ready: Promise<void> = Promise.resolve();

  constructor(
    readonly wanted: Signal<boolean>,
    readonly deviceId: Signal<string>,
    private readonly open: (deviceId: string) => Promise<MediaStream>,
  ) {}

  get stream(): ReadonlySignal<MediaStream | null> {
    return this.#stream;
  }
  /** Why the device is off although it is wanted. */
  get fault(): ReadonlySignal<FaultFields | null> {
    return this.#fault;
  }
  get opening(): ReadonlySignal<boolean> {
    return this.#opening;
  }

  /** Settles when the newest request is done. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  /** Opens the device if it is wanted, else closes it. Resolves when that is done or overtaken. */
  update(): Promise<void> {
    this.#ready = this.#update();
    return this.#ready;
  }

  async #update(): Promise<void> {
    const turn = ++this.#turn;
    this.#drop();
    this.#fault.value = null;
    this.#opening.value = this.wanted.value;
    if (!this.wanted.value) return;
    try {
      const stream = await this.open(this.deviceId.value);
      if (turn !== this.#turn) {
        stop(stream);
        return;
      }
      this.#stream.value = stream;
    } catch (error) {
      if (!(error instanceof VideoSDKError)) throw error;
      if (turn === this.#turn) this.#fault.value = error;
    } finally {
      if (turn === this.#turn) this.#opening.value = false;
    }
  }

  async set(wanted: boolean): Promise<void> {
    this.wanted.value = wanted;
    await this.update();
  }

  async choose(deviceId: string): Promise<void> {
    this.deviceId.value = deviceId;
    await this.update();
  }

  /** Hands the open stream over: the caller stops it. It is still shown here until the next change. */
  take(): MediaStream | null {
    this.#owned = false;
    this.#opening.value = false;
    this.#turn++;
    return this.#stream.value;
  }

  /** Closes the device without changing what is wanted. */
  close(): void {
    this.#turn++;
    this.#opening.value = false;
    this.#drop();
  }

  /** Closes the device, which is wanted, for that reason. */
  fail(fault: FaultFields): void {
    this.close();
    this.#fault.value = fault;
  }

  #drop(): void {
    if (this.#stream.value !== null && this.#owned) stop(this.#stream.value);
    this.#stream.value = null;
    this.#owned = true;
  }
}

export function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
