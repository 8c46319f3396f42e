import type { Meeting } from "@klatch/sdk";
import { createContext, useContext, useSyncExternalStore } from "react";
import { Session } from "./session.js";

/** Above no provider there is a session that was never set up: its values are idle and its calls are refused. */
export const SessionContext = createContext<Session>(new Session());

export function useSession(): Session {
  return useContext(SessionContext);
}

/** Returns the meeting from the moment it is joined until it is left, also while it reconnects; else null. */
export function useJoined(session: Session): Meeting | null {
  const joined = (): Meeting | null => {
    const { meeting, view } = session.snapshot();
    return view.inside ? meeting : null;
  };
  return useSyncExternalStore(session.subscribe, joined, joined);
}
