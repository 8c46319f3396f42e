import { useEffect, useInsertionEffect, useLayoutEffect, useRef } from "react";
import { type Callbacks, everybody } from "./callbacks.js";
import type { Session } from "./session.js";

/** @internal Layout effects do nothing on a server, and React 18 warns of them there. */
export const useBrowserLayoutEffect = typeof document === "undefined" ? useEffect : useLayoutEffect;

/**
 * @internal Has a session call the newest of these callbacks while the component is mounted. `scope` is a participant.
 */
export function useCallbacks(session: Session, callbacks: object, scope = everybody): void {
  const listener = useRef<Callbacks>(callbacks as Callbacks);
  useInsertionEffect(() => {
    listener.current = callbacks as Callbacks;
  });
  // As early as possible: an event may come before passive effects run.
  useBrowserLayoutEffect(() => session.listen(listener, scope), [session, scope]);
  useBrowserLayoutEffect(() => session.listenersChanged());
}
