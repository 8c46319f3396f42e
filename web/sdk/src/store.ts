import { uncaught } from "./emitter.js";
import { faults, VideoSDKError } from "./fault.js";
import { requireArgument } from "./options.js";
import type { PubSubHost } from "./pubsub.js";
import type { ValueListener } from "./types.js";
import { storedValue } from "./wire.js";

/** The most bytes of a value, in UTF-8. */
const MAX_VALUE = 1024;

interface Observer {
  readonly key: string;
  readonly listener: ValueListener;
}

/**
 * Values by key, one for the whole session: everybody in the meeting reads, writes and observes them, in every mode. A
 * key has 1 to 128 bytes, a value up to 1 KiB. They end with the session.
 */
export class RealtimeStore {
  readonly #host: PubSubHost;
  readonly #observers = new Map<string, Observer>();
  /** What observers were told last, or what observing began with, by key. */
  readonly #known = new Map<string, string | null>();
  #count = 0;

  /** @internal */
  constructor(host: PubSubHost) {
    this.#host = host;
  }

  /** @internal The meeting was left, and the server's observations with it. */
  reset(): void {
    this.#observers.clear();
    this.#known.clear();
  }

  /** Sets a value; null deletes the key. Rejects with 3072, 3073, 4045 or 4106. */
  setValue(key: string, value: string | null): Promise<void> {
    const method = "realtimeStore.setValue";
    return this.#host.call(method, async () => {
      this.#requireKey(method, key);
      if (value !== null && typeof value !== "string")
        throw this.#wrongType(method, "value", value, "a string or null");
      const bytes = value === null ? 0 : new TextEncoder().encode(value).length;
      if (bytes > MAX_VALUE)
        throw new VideoSDKError(faults.payloadTooLargeValue({ bytes, limitBytes: MAX_VALUE }, this.#host.where()));
      await this.#host.request("store.set", { key, value });
    });
  }

  /** The present value; null where there is none. Rejects with 3073 or 4046. */
  getValue(key: string): Promise<string | null> {
    const method = "realtimeStore.getValue";
    return this.#host.call(method, async () => {
      this.#requireKey(method, key);
      return storedValue(await this.#host.request("store.get", { key }), "store.get").value ?? null;
    });
  }

  /**
   * Calls the listener with each new value of a key, and with who set it, oneself included; not with the present one.
   * Resolves with an id for `stopObserving`. Rejects with 3073 or 4085.
   */
  observe(key: string, callback: ValueListener | Function): Promise<string> {
    const method = "realtimeStore.observe";
    return this.#host.call(method, async () => {
      this.#requireKey(method, key);
      if (typeof callback !== "function") throw this.#wrongType(method, "callback", callback, "a function");
      const id = `observer-${++this.#count}`;
      // Before the request: a change may arrive before the answer.
      this.#observers.set(id, { key, listener: callback as ValueListener });
      try {
        const { value } = storedValue(await this.#host.request("store.observe", { key }), "store.observe");
        if (!this.#known.has(key)) this.#known.set(key, value ?? null);
      } catch (refused) {
        this.#observers.delete(id);
        throw refused;
      }
      return id;
    });
  }

  /** Stops an observer. Rejects with 3073 or 4086. */
  stopObserving(observerId: string): Promise<void> {
    const method = "realtimeStore.stopObserving";
    return this.#host.call(method, async () => {
      this.#require(method, "observerId", observerId);
      const observer = this.#observers.get(observerId);
      if (!observer) {
        const unknown = { observerId: String(observerId).slice(0, 64) };
        throw new VideoSDKError(faults.failedToStopObservingValueUnknownObserver(unknown, this.#host.where()));
      }
      this.#observers.delete(observerId);
      const { key } = observer;
      if ([...this.#observers.values()].some((other) => other.key === key)) return;
      this.#known.delete(key);
      await this.#host.request("store.unobserve", { key });
    });
  }

  /** @internal */
  changed(key: string, value: string | null, updatedBy: string): void {
    this.#known.set(key, value);
    for (const observer of this.#observers.values()) {
      if (observer.key !== key) continue;
      try {
        observer.listener(value, updatedBy);
      } catch (thrown) {
        uncaught(thrown);
      }
    }
  }

  /** @internal Observes again at a server that has lost the session, and tells what differs there. */
  async restore(): Promise<void> {
    for (const key of new Set([...this.#observers.values()].map((observer) => observer.key))) {
      const { value = null, updatedBy } = storedValue(
        await this.#host.request("store.observe", { key }),
        "store.observe",
      );
      if (value !== (this.#known.get(key) ?? null)) this.changed(key, value, updatedBy);
    }
  }

  #requireKey(method: string, key: unknown): void {
    this.#require(method, "key", key);
    if (typeof key !== "string") throw this.#wrongType(method, "key", key, "a string");
  }

  #require(method: string, parameter: string, value: unknown): void {
    requireArgument({ method, at: this.#host.where() }, parameter, value);
  }

  #wrongType(method: string, parameter: string, value: unknown, want: string): VideoSDKError {
    const got = Array.isArray(value) ? "an array" : typeof value;
    return new VideoSDKError(faults.invalidParameterWrongType({ method, parameter, got, want }, this.#host.where()));
  }
}
