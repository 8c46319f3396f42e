import { uncaught } from "./emitter.js";
import type { PubSubMessage, SubscribeOptions, TopicListeners } from "./types.js";

/** The window of `newMessageLimit`, in ms. */
const WINDOW = 500;
/** A message that arrives so much later than others is late: the network or the device cannot keep up. In ms. */
const LATE = 1_000;
/** Messages of one batch where `newMessageLimit` does not bound them. */
const BATCH = 50;
const DEFAULT_QUEUE = 70;

/**
 * Delivery tells the messages of one subscription to its listeners, in order: each at once while the listeners keep up,
 * else in batches. What cannot wait is dropped and counted.
 */
export class Delivery {
  readonly #listeners: TopicListeners;
  readonly #limit: number | undefined;
  readonly #drops: boolean;
  readonly #most: number;
  #queue: PubSubMessage[] = [];
  #fresh: PubSubMessage[] = [];
  #dropped = 0;
  /** Messages told in the present window, which ends at #until. */
  #told = 0;
  #until = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(listeners: TopicListeners, options: SubscribeOptions) {
    const { newMessageLimit, realtimeOverflow = "queue", maxQueue = DEFAULT_QUEUE } = options;
    this.#listeners = listeners;
    this.#limit = newMessageLimit;
    this.#drops = realtimeOverflow === "drop";
    this.#most = maxQueue * (newMessageLimit ?? BATCH);
  }

  /** Takes a message that has traveled `lateMs` longer than the fastest. */
  take(message: PubSubMessage, lateMs: number): void {
    if (this.#closed) return;
    const room = this.#room();
    if (this.#queue.length === 0 && room > 0 && lateMs < LATE) return this.#tell(message);
    if (this.#drops) {
      this.#dropped++;
    } else {
      this.#queue.push(message);
      if (this.#queue.length > this.#most) {
        this.#queue.shift();
        this.#dropped++;
      }
    }
    this.#schedule();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** How many messages may be told now. */
  #room(): number {
    if (this.#limit === undefined) return BATCH;
    const now = Date.now();
    if (now >= this.#until) {
      this.#until = now + WINDOW;
      this.#told = 0;
    }
    return this.#limit - this.#told;
  }

  #tell(message: PubSubMessage): void {
    this.#told++;
    this.#run(this.#listeners.onMessageReceived, message);
    if (!this.#listeners.onBatchReceived) return;
    this.#fresh.push(message);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    const waits = this.#queue.length > 0 || this.#dropped > 0;
    const ms =
      waits && this.#fresh.length === 0 && this.#limit !== undefined ? Math.max(0, this.#until - Date.now()) : 0;
    this.#timer = setTimeout(() => this.#flush(), ms);
  }

  /** Tells what has come since the last time as one batch, then what may follow of the queue, then what was dropped. */
  #flush(): void {
    this.#timer = undefined;
    for (const message of this.#queue.splice(0, Math.max(0, this.#room()))) {
      if (this.#closed) return;
      this.#told++;
      this.#run(this.#listeners.onMessageReceived, message);
      this.#fresh.push(message);
    }
    const batch = this.#fresh;
    this.#fresh = [];
    if (batch.length > 0) this.#run(this.#listeners.onBatchReceived, batch);
    const droppedCount = this.#dropped;
    this.#dropped = 0;
    if (droppedCount > 0) this.#run(this.#listeners.onMessageDrop, { droppedCount });
    if (this.#queue.length > 0 && !this.#closed) this.#schedule();
  }

  #run<T>(listener: ((value: T) => void) | undefined, value: T): void {
    if (this.#closed || !listener) return;
    try {
      listener(value);
    } catch (thrown) {
      uncaught(thrown);
    }
  }
}
