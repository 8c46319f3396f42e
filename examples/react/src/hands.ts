import { type TopicMessage, useMeeting, usePubSub } from "@klatch/react";
import { useCallback, useState } from "react";

/**
 * Who has a hand up. The topic is the one that the ready-made page uses, so that both see each other's hands; messages
 * are kept, so that who comes later knows them.
 */
export function useHands() {
  const [hands, setHands] = useState<ReadonlySet<string>>(new Set());
  const { participants } = useMeeting();
  const take = useCallback((messages: TopicMessage[]) => {
    setHands((before) => {
      const after = new Set(before);
      for (const { senderId, payload } of messages) {
        if (payload?.raised === false) after.delete(senderId);
        else after.add(senderId);
      }
      return after;
    });
  }, []);
  const { publish } = usePubSub("RAISE_HAND", {
    onMessageReceived: (message) => take([message]),
    onOldMessagesReceived: take,
  });
  const raise = (raised: boolean) => publish(raised ? "Raise Hand" : "Lower Hand", { persist: true }, { raised });
  return { hands: new Set([...hands].filter((id) => participants.has(id))), raise };
}
