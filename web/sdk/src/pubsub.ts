import type { MetaData, PublishOptions, PubSubMessage, SubscribeOptions, TopicListeners } from "./types.js";
export declare class PubSub {
  publish(topic: string, message: string, options?: PublishOptions, payload?: MetaData): Promise<void>;
  /** Returns the persisted messages; also as `onOldMessagesReceived`. */
  subscribe(
    topic: string,
    listener: TopicListeners | ((message: PubSubMessage) => void),
    options?: SubscribeOptions,
  ): Promise<readonly PubSubMessage[]>;
  unsubscribe(topic: string, listener?: TopicListeners | ((message: PubSubMessage) => void)): Promise<void>;
}
