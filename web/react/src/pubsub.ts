import type { PubSubMessage } from "@klatch/sdk";
import { useCallback, useEffect, useInsertionEffect, useRef, useState } from "react";
import { useJoined, useSession } from "./context.js";

/** A message of a topic. */
export interface TopicMessage {
  id: string;
  message: string;
  senderId: string;
  senderName: string;
  timestamp: string;
  topic: string;
  payload: any;
}

export interface PubSubCallbacks {
  onMessageReceived?: ((message: TopicMessage) => void) | undefined;
  /** Messages that came together; `onMessageReceived` gets each of them too. */
  onBatchReceived?: ((messages: TopicMessage[]) => void) | undefined;
  onOldMessagesReceived?: ((messages: TopicMessage[], info: { isLast: boolean }) => void) | undefined;
  onMessageDrop?: ((info: { droppedCount: number }) => void) | undefined;
}

export interface PubSubOptions {
  /** How many persisted messages to get, newest; 0 none. Default all. */
  oldMessageLimit?: number | undefined;
  realtimeOverflow?: "queue" | "drop" | undefined;
  maxQueue?: number | undefined;
  newMessageLimit?: number | undefined;
  /** How many messages `messages` keeps, the newest. Default all. */
  maxMessages?: number | undefined;
  /** false leaves `messages` empty. Default true. */
  bufferMessages?: boolean | undefined;
}

export interface UsePubSub {
  publish: (
    message: string | object,
    options?: { persist?: boolean; sendOnly?: Array<string> },
    payload?: object,
  ) => Promise<void>;
  messages: TopicMessage[];
}

/** Options of `pubSub.subscribe`; those of the hook itself stay here. */
const passedOn = ["oldMessageLimit", "realtimeOverflow", "maxQueue", "newMessageLimit"] as const;

/** Listens to a topic while the component is mounted and the meeting joined. */
export function usePubSub(topic: string, callbacks: PubSubCallbacks = {}, options: PubSubOptions = {}): UsePubSub {
  const session = useSession();
  const meeting = useJoined(session);
  const [messages, setMessages] = useState<TopicMessage[]>([]);
  const newest = useRef({ callbacks, options });
  useInsertionEffect(() => {
    newest.current = { callbacks, options };
  });

  useEffect(() => {
    if (meeting === null) return;
    let state: "waiting" | "subscribed" | "over" = "waiting";
    const add = (more: readonly TopicMessage[]): void => {
      const { bufferMessages = true, maxMessages } = newest.current.options;
      if (bufferMessages) setMessages((before) => newestOf([...before, ...more], maxMessages));
    };
    const ifMounted =
      <A extends unknown[]>(run: (...args: A) => void) =>
      (...args: A): void => {
        if (state !== "over") run(...args);
      };
    const listener = {
      onMessageReceived: ifMounted((message: PubSubMessage) => {
        newest.current.callbacks.onMessageReceived?.(message as TopicMessage);
        add([message as TopicMessage]);
      }),
      onBatchReceived: ifMounted((batch: readonly PubSubMessage[]) =>
        newest.current.callbacks.onBatchReceived?.([...batch] as TopicMessage[]),
      ),
      onOldMessagesReceived: ifMounted((old: readonly PubSubMessage[], info: { isLast: boolean }) => {
        newest.current.callbacks.onOldMessagesReceived?.([...old] as TopicMessage[], info);
        add(old as TopicMessage[]);
      }),
      onMessageDrop: ifMounted((info: { droppedCount: number }) => newest.current.callbacks.onMessageDrop?.(info)),
    };
    // A moment later: of the two mounts of StrictMode only the second one subscribes.
    queueMicrotask(() => {
      if (state === "over") return;
      state = "subscribed";
      const given = newest.current.options;
      const passed = Object.fromEntries(
        passedOn.filter((name) => given[name] !== undefined && given[name] !== null).map((name) => [name, given[name]]),
      );
      void session.heard(meeting.pubSub.subscribe(topic, listener, passed));
    });
    return () => {
      const was = state;
      state = "over";
      setMessages((before) => (before.length === 0 ? before : []));
      // When the meeting was left, its subscriptions are gone.
      if (was === "subscribed" && session.snapshot().meeting === meeting && session.snapshot().view.inside)
        void session.heard(meeting.pubSub.unsubscribe(topic, listener));
    };
  }, [session, meeting, topic]);

  const publish = useCallback<UsePubSub["publish"]>(
    (message, given, payload) =>
      session.call((m) => m.pubSub.publish(topic, message, given ?? {}, payload as Record<string, unknown>)),
    [session, topic],
  );
  return { publish, messages };
}

function newestOf(messages: TopicMessage[], limit: number | undefined): TopicMessage[] {
  return typeof limit === "number" && messages.length > limit ? messages.slice(messages.length - limit) : messages;
}
