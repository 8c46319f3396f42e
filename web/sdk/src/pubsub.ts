import { asJSON } from "./argument.js";
import { Delivery } from "./delivery.js";
import { uncaught } from "./emitter.js";
import { Heard } from "./heard.js";
import { checkOptions, isAbsent } from "./options.js";
import { type FaultContext, faults, VideoSDKError } from "./fault.js";
import type { PublishOptions, PubSubMessage, SubscribeOptions, TopicListeners } from "./types.js";
import { publishMessageResult, subscribeTopicResult, type WireMessage } from "./wire.js";

/** @internal What pubsub asks of its meeting. */
export interface PubSubHost {
  call<T>(method: string, run: () => Promise<T>): Promise<T>;
  request(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
  where(): FaultContext;
}

/** A listener of a topic: the published object, or one function for new messages. */
export type TopicListener = TopicListeners | ((message: PubSubMessage) => void);

interface Subscription {
  readonly listener: TopicListener;
  readonly delivery: Delivery;
}

const overflows = ["queue", "drop"];
const MAX_QUEUE = 200;

/** Messages by topic. A topic is subscribed at the server while somebody listens here. */
export class PubSub {
  readonly #host: PubSubHost;
  readonly #topics = new Map<string, Subscription[]>();
  /** By topic that is subscribed. */
  readonly #heard = new Map<string, Heard>();
  /** By topic that is being restored: what comes before the messages that were missed are told. */
  readonly #held = new Map<string, WireMessage[]>();
  /** The shortest way of a message, in ms: the difference of the clocks is in it. */
  #fastest = Infinity;

  /** @internal */
  constructor(host: PubSubHost) {
    this.#host = host;
  }

  /** @internal The meeting was left, and the server's subscriptions with it. */
  reset(): void {
    for (const subscriptions of this.#topics.values()) for (const { delivery } of subscriptions) delivery.close();
    this.#topics.clear();
    this.#heard.clear();
    this.#held.clear();
    this.#fastest = Infinity;
  }

  /**
   * Sends to everybody who subscribed, oneself included; message and payload together up to 16 KiB. An object arrives
   * as an object that is equal to it.
   */
  publish(
    topic: string,
    message: string | object,
    options?: PublishOptions | null,
    payload?: object | null,
  ): Promise<void> {
    const method = "pubSub.publish";
    return this.#host.call(method, async () => {
      this.#require(method, "topic", topic, "string");
      const object = isRecord(message);
      if (!object) this.#require(method, "message", message, "string");
      if (payload !== undefined && payload !== null) this.#require(method, "payload", payload, "object");
      const call = { method, at: this.#host.where() };
      checkOptions<PublishOptions>(call, "options", options, { persist: "boolean", sendOnly: "array" });
      const { persist, sendOnly } = options ?? {};
      if (sendOnly && !(Array.isArray(sendOnly) && sendOnly.every((id) => typeof id === "string")))
        throw this.#wrongType(method, "sendOnly", sendOnly, "an array of participant ids");
      const params = {
        topic,
        message: object ? asJSON(method, "message", message, call.at) : message,
        ...(object && { object }),
        persist: persist ?? false,
        ...(sendOnly?.length && { sendOnly }),
        ...(payload && { payload }),
      };
      publishMessageResult(await this.#host.request("pubsub.publish", params), "pubsub.publish");
    });
  }

  /**
   * Listens to a topic. With an object of listeners, `onOldMessagesReceived` gets the persisted messages before the
   * call resolves; with a function, which gets each new message, it resolves with them, oldest first.
   */
  subscribe(topic: string, listeners: TopicListeners, options?: SubscribeOptions | null): Promise<void>;
  subscribe(
    topic: string,
    listener: (message: PubSubMessage) => void,
    options?: SubscribeOptions | null,
  ): Promise<PubSubMessage[]>;
  subscribe(
    topic: string,
    listener: TopicListener,
    options?: SubscribeOptions | null,
  ): Promise<PubSubMessage[] | void> {
    const method = "pubSub.subscribe";
    return this.#host.call(method, async () => {
      this.#require(method, "topic", topic, "string");
      this.#requireListener(method, listener);
      const wanted = this.#readOptions(method, options ?? {});
      const listeners = typeof listener === "function" ? { onMessageReceived: listener } : listener;
      const subscription = { listener, delivery: new Delivery(listeners, wanted) };
      // Before the request: a message may arrive before the answer.
      this.#topics.set(topic, [...(this.#topics.get(topic) ?? []), subscription]);
      const heard = this.#heard.get(topic) ?? new Heard();
      this.#heard.set(topic, heard);
      const takesOld = typeof listener === "function" || listener.onOldMessagesReceived !== undefined;
      const limit = takesOld ? wanted.oldMessageLimit : 0;
      try {
        // The last one tells later, after a lost connection, where what was missed begins.
        const old = await this.#subscribe(topic, limit === 0 ? 1 : limit);
        if (!heard.isComplete) for (const message of old) heard.add(message);
        heard.isComplete = true;
        const messages = limit === 0 ? [] : old.map(present);
        if (typeof listener === "function") return messages;
        this.#tellOld(listener, messages);
        return undefined;
      } catch (refused) {
        this.#remove(topic, subscription);
        throw refused;
      }
    });
  }

  /** Stops one listener, the one that `subscribe` was called with; without one, all of that topic. */
  unsubscribe(topic: string, listener?: TopicListener | null): Promise<void> {
    const method = "pubSub.unsubscribe";
    return this.#host.call(method, async () => {
      this.#require(method, "topic", topic, "string");
      if (listener !== undefined && listener !== null) this.#requireListener(method, listener);
      const subscribed = this.#topics.get(topic) ?? [];
      if (listener) {
        const one = subscribed.find((subscription) => subscription.listener === listener);
        if (one) this.#remove(topic, one);
      } else {
        for (const one of subscribed) this.#remove(topic, one);
      }
      if (!this.#topics.has(topic)) await this.#host.request("pubsub.unsubscribe", { topic });
    });
  }

  /** @internal */
  deliver(message: WireMessage): void {
    const held = this.#held.get(message.topic);
    if (held) held.push(message);
    else this.#deliver(message);
  }

  #deliver(message: WireMessage): void {
    if (this.#heard.get(message.topic)?.add(message) === false) return;
    const traveled = Date.now() - Date.parse(message.timestamp);
    this.#fastest = Math.min(this.#fastest, traveled);
    for (const { delivery } of this.#topics.get(message.topic) ?? [])
      delivery.take(present(message), traveled - this.#fastest);
  }

  /**
   * @internal Subscribes again at a server that has lost the subscriptions, and tells the persisted messages that were
   * sent meanwhile.
   */
  async restore(): Promise<void> {
    for (const topic of this.#topics.keys()) {
      const held: WireMessage[] = [];
      this.#held.set(topic, held);
      try {
        // A subscription that is not answered yet gets the old messages with its answer.
        const heard = this.#heard.get(topic);
        const persisted = await this.#subscribe(topic, heard?.isComplete ? undefined : 0);
        for (const message of heard?.missed(persisted) ?? []) this.#deliver(message);
      } finally {
        if (this.#held.get(topic) === held) this.#held.delete(topic);
        for (const message of held) this.#deliver(message);
      }
    }
  }

  /** Returns the persisted messages. */
  async #subscribe(topic: string, oldMessageLimit: number | undefined): Promise<readonly WireMessage[]> {
    const method = "pubsub.subscribe";
    const params = { topic, ...(oldMessageLimit !== undefined && { oldMessageLimit }) };
    return subscribeTopicResult(await this.#host.request(method, params), method).messages;
  }

  #tellOld({ onOldMessagesReceived }: TopicListeners, messages: PubSubMessage[]): void {
    try {
      onOldMessagesReceived?.(messages, { isLast: true });
    } catch (thrown) {
      uncaught(thrown);
    }
  }

  #remove(topic: string, subscription: Subscription): void {
    subscription.delivery.close();
    const rest = (this.#topics.get(topic) ?? []).filter((one) => one !== subscription);
    if (rest.length > 0) this.#topics.set(topic, rest);
    else {
      this.#topics.delete(topic);
      this.#heard.delete(topic);
    }
  }

  #readOptions(method: string, options: SubscribeOptions): SubscribeOptions {
    const call = { method, at: this.#host.where() };
    checkOptions<SubscribeOptions>(call, "options", options, {
      oldMessageLimit: "number",
      realtimeOverflow: overflows,
      maxQueue: "number",
      newMessageLimit: "number",
    });
    // null stands for an absent option, here as in checkOptions.
    const read: SubscribeOptions = Object.fromEntries(Object.entries(options).filter(([, value]) => !isAbsent(value)));
    const { oldMessageLimit, realtimeOverflow, maxQueue, newMessageLimit } = read;
    this.#requireCount(method, "oldMessageLimit", oldMessageLimit, 0);
    this.#requireCount(method, "newMessageLimit", newMessageLimit, 1);
    this.#requireCount(method, "maxQueue", maxQueue, 1, MAX_QUEUE);
    if (maxQueue !== undefined && realtimeOverflow === "drop") {
      const conflict = { method, parameter: "maxQueue", other: "realtimeOverflow drop" };
      throw new VideoSDKError(faults.invalidParameterConflict(conflict, this.#host.where()));
    }
    return read;
  }

  #requireListener(method: string, listener: unknown): void {
    if (typeof listener === "function") return;
    if (typeof listener !== "object" || listener === null)
      throw this.#wrongType(method, "listeners", listener, "an object of functions, or a function");
    checkOptions<TopicListeners>({ method, at: this.#host.where() }, "listeners", listener, {
      onMessageReceived: "function",
      onBatchReceived: "function",
      onOldMessagesReceived: "function",
      onMessageDrop: "function",
    });
  }

  #requireCount(
    method: string,
    parameter: string,
    value: unknown,
    least: number,
    most = Number.MAX_SAFE_INTEGER,
  ): void {
    if (value === undefined || value === null) return;
    const count = value as number;
    if (Number.isInteger(count) && count >= least && count <= most) return;
    const upTo = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `of ${least} to ${most}`;
    const wrong = { method, parameter, got: String(count), want: `an integer ${upTo}` };
    throw new VideoSDKError(faults.invalidParameterOutOfRange(wrong, this.#host.where()));
  }

  #require(method: string, parameter: string, value: unknown, type: keyof typeof words): void {
    if (type === "object" ? !isRecord(value) : typeof value !== type)
      throw this.#wrongType(method, parameter, value, words[type]);
  }

  #wrongType(method: string, parameter: string, value: unknown, want: string): VideoSDKError {
    const got = value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
    return new VideoSDKError(faults.invalidParameterWrongType({ method, parameter, got, want }, this.#host.where()));
  }
}

const words = {
  string: "a string",
  number: "a number",
  boolean: "a boolean",
  object: "an object",
  function: "a function",
} as const;

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A message as the application gets it. */
function present({ payload, private: isPrivate, sendOnly, object, message, ...rest }: WireMessage): PubSubMessage {
  return {
    ...rest,
    message: object ? (JSON.parse(message) as string) : message, // the published type does not know of objects
    ...(payload && { payload }),
    ...(isPrivate && { private: true }),
    ...(sendOnly && { sendOnly }),
  };
}
