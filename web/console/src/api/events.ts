import { signal } from "@preact/signals";
import { account, addressWith, identity } from "./client";

/** What the server tells as it happens. */
export const eventNames = [
  "fault",
  "fault-cleared",
  "session-started",
  "session-ended",
  "participant-joined",
  "participant-left",
  "missed", // what happened during a cut is not kept any more
] as const;

export type EventName = (typeof eventNames)[number];

export interface ServerEvent {
  readonly name: EventName;
  readonly data: Readonly<Record<string, unknown>>;
}

type Listener = (event: ServerEvent) => void;
const listeners = new Set<Listener>();

/** Whether events come in at the moment. */
export const following = signal(false);

/** Calls `listener` for every event until the returned function is called. */
export function onEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/**
 * Follows the events of the account that is shown, or of all for whoever shows all. The browser opens the stream again
 * after a cut and names the last event it has, so that none is missed. Returns what ends it.
 */
export function follow(): () => void {
  const developer = identity.value?.role === "developer";
  const source = new EventSource(
    developer || account.value === ""
      ? addressWith(developer ? "/v2/events" : "/admin/v1/events")
      : addressWith("/v2/events", { account: account.value }),
  );
  source.onopen = () => (following.value = true);
  source.onerror = () => (following.value = false);
  for (const name of eventNames)
    source.addEventListener(name, (e) => {
      const data = read((e as MessageEvent<string>).data);
      if (data !== undefined) for (const listener of listeners) listener({ name, data });
    });
  return () => {
    source.close();
    following.value = false;
  };
}

function read(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
