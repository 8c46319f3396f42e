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
  "incident-opened",
  "incident-acknowledged",
  "incident-resolved",
  "missed", // what happened during a cut is not kept any more
] as const;

export type EventName = (typeof eventNames)[number];

export interface ServerEvent {
  readonly name: EventName;
  readonly data: Readonly<Record<string, unknown>>;
}

type Listener = (event: ServerEvent) => void;
const listeners = new Set<Listener>();

/** Whether events come in; "connecting" before the first stream is open. */
export const following = signal<"connecting" | "live" | "lost">("connecting");

/** Since when no events come in, and why, as far as that is known. */
export const lost = signal<{ readonly since: number; readonly why: string }>({ since: 0, why: "" });

/** Calls `listener` for every event until the returned function is called. */
export function onEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

const tell = (event: ServerEvent): void => {
  for (const listener of listeners) listener(event);
};

/** How long to wait before a stream is opened again that the browser has given up. */
const firstWaitMs = 1000;
const longestWaitMs = 15_000;

/**
 * Follows the events of the account that is shown, or of all for whoever shows all. The browser opens the stream again
 * after a cut. It gives up where the answer is not a stream, as that of a proxy while the server restarts; then a new
 * stream is opened here. In both cases views are told that they may have missed something. Returns what ends it.
 */
export function follow(): () => void {
  const developer = identity.value?.role === "developer";
  const address =
    developer || account.value === ""
      ? addressWith(developer ? "/v2/events" : "/admin/v1/events")
      : addressWith("/v2/events", { account: account.value });
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = firstWaitMs;
  let why = "";
  let opened = false;
  const open = (): void => {
    source = new EventSource(address);
    source.onopen = () => {
      following.value = "live";
      wait = firstWaitMs;
      why = "";
      if (opened) tell({ name: "missed", data: {} });
      opened = true;
    };
    source.onerror = () => {
      if (following.peek() !== "lost") lost.value = { since: Date.now(), why };
      following.value = "lost";
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, wait);
      wait = Math.min(wait * 2, longestWaitMs);
    };
    for (const name of eventNames)
      source.addEventListener(name, (e) => {
        const data = read((e as MessageEvent<string>).data);
        if (data !== undefined) tell({ name, data });
      });
    // The server says why it ends a stream.
    source.addEventListener("closed", (e) => {
      const detail = read((e as MessageEvent<string>).data)?.["detail"];
      if (typeof detail === "string") why = detail;
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
    following.value = "connecting";
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
