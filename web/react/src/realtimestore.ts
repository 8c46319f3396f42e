import { useCallback, useEffect, useInsertionEffect, useRef } from "react";
import { useJoined, useSession } from "./context.js";

export interface RealtimeStoreCallbacks {
  onValueChanged?: ((change: { value: any; updatedBy: any }) => void) | undefined;
}

export interface UseRealtimeStore {
  setValue: (value: string) => Promise<any>;
  getValue: () => Promise<string>;
}

/** Reads and writes a key of the meeting's store, and observes it while there is an `onValueChanged`. */
export function useRealtimeStore(key: string, { onValueChanged }: RealtimeStoreCallbacks = {}): UseRealtimeStore {
  const session = useSession();
  const meeting = useJoined(session);
  const newest = useRef(onValueChanged);
  useInsertionEffect(() => {
    newest.current = onValueChanged;
  });
  const observes = onValueChanged !== undefined;

  useEffect(() => {
    if (meeting === null || !observes) return;
    let over = false;
    let observing: Promise<string | undefined> | undefined;
    queueMicrotask(() => {
      if (over) return;
      observing = session.heard(
        meeting.realtimeStore.observe(key, (value: string | null, updatedBy: string) => {
          if (!over) newest.current?.({ value, updatedBy });
        }),
      );
    });
    return () => {
      over = true;
      void observing?.then((id) => {
        const now = session.snapshot();
        if (id !== undefined && now.meeting === meeting && now.view.inside)
          void session.heard(meeting.realtimeStore.stopObserving(id));
      });
    };
  }, [session, meeting, key, observes]);

  const setValue = useCallback(
    (value: string) => session.call((m) => m.realtimeStore.setValue(key, value)),
    [session, key],
  );
  const getValue = useCallback(() => session.call((m) => m.realtimeStore.getValue(key)), [session, key]);
  return { setValue, getValue } as UseRealtimeStore;
}
