import { requireListener } from "./argument.js";
import { type FaultContext, faults, VideoSDKError } from "./fault.js";
import { uncaught } from "./emitter.js";
import type { MetaData, PublishOptions, PubSubMessage, SubscribeOptions, TopicListeners } from "./types.js";
import { publishMessageResult, subscribeTopicResult } from "./wire.js";

/** @internal What pubsub asks of its meeting. */
export interface PubSubHost {
  call<T>(method: string, run: () => Promise<T>): Promise<T>;
  request(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
  where(): FaultContext;
}

/** A listener of a topic: the published object, or one function for new messages. */
export type TopicListener = TopicListeners | ((message: PubSubMessage) => void);

/** Messages by topic. A topic is subscribed at the server while somebody listens here. */
export class PubSub {
  readonly #host: PubSubHost;
  readonly #topics = new Map<string, TopicListener[]>();

  /** @internal */
  constructor(host: PubSubHost) {
    this.#host = host;
  }

  /** @internal The meeting was left, and the server's subscriptions with it. */
  reset(): void {
    this.#topics.clear();
  }

  /** Sends to everybody who subscribed, oneself included; message and payload together up to 16 KiB. */
  publish(topic: string, message: string, options: PublishOptions = {}, payload?: MetaData): Promise<void> {
    return this.#call("pubSub.publish", { topic, message }, async () => {
      const { persist = false, sendOnly = [] } = options;
      const params = { topic, message, persist, sendOnly, ...(payload && { payload }) };
      publishMessageResult(await this.#host.request("pubsub.publish", params), "pubsub.publish");
    });
  }

  /** Listens to a topic. Resolves with the persisted messages, oldest first; `onOldMessagesReceived` gets them too. */
  subscribe(topic: string, listener: TopicListener, options: SubscribeOptions = {}): Promise<readonly PubSubMessage[]> {
    return this.#call("pubSub.subscribe", { topic }, async () => {
      const called: unknown = typeof listener === "object" && listener !== null ? listener.onMessageReceived : listener;
      requireListener("pubSub.subscribe", called, this.#host.where());
      // Before the request: a message may arrive before the answer.
      this.#topics.set(topic, [...(this.#topics.get(topic) ?? []), listener]);
      try {
        const { messages } = subscribeTopicResult(
          await this.#host.request("pubsub.subscribe", { topic, ...options }),
          "pubsub.subscribe",
        );
        if (typeof listener === "object") listener.onOldMessagesReceived?.(messages, { isLast: true });
        return messages;
      } catch (refused) {
        this.#remove(topic, listener);
        throw refused;
      }
    });
  }

  /** Stops one listener; without one, all of that topic. */
  unsubscribe(topic: string, listener?: TopicListener): Promise<void> {
    return this.#call("pubSub.unsubscribe", { topic }, async () => {
      this.#remove(topic, listener);
      if (!this.#topics.has(topic)) await this.#host.request("pubsub.unsubscribe", { topic });
    });
  }

  /** @internal */
  deliver(message: PubSubMessage): void {
    for (const listener of this.#topics.get(message.topic) ?? []) {
      try {
        if (typeof listener === "function") listener(message);
        else listener.onMessageReceived(message);
      } catch (thrown) {
        uncaught(thrown);
      }
    }
  }

  /** @internal Subscribes again at a server that has lost the session. */
  async restore(): Promise<void> {
    for (const topic of this.#topics.keys())
      await this.#host.request("pubsub.subscribe", { topic, oldMessageLimit: 0 });
  }

  #remove(topic: string, listener: TopicListener | undefined): void {
    const list = this.#topics.get(topic) ?? [];
    const at = listener ? list.indexOf(listener) : -1;
    const rest = listener ? list.filter((_, i) => i !== at) : [];
    if (rest.length > 0) this.#topics.set(topic, rest);
    else this.#topics.delete(topic);
  }

  #call<T>(method: string, strings: Readonly<Record<string, string>>, run: () => Promise<T>): Promise<T> {
    return this.#host.call(method, async () => {
      for (const [parameter, value] of Object.entries(strings)) {
        if (typeof value === "string") continue;
        const wrong = { method, parameter, got: typeof value, want: "a string" };
        throw new VideoSDKError(faults.invalidParameterWrongType(wrong, this.#host.where()));
      }
      return run();
    });
  }
}
