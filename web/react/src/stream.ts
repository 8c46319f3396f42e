import type { Stream } from "@klatch/sdk";
import { streamKinds } from "@klatch/state";
import { useEffect, useInsertionEffect, useMemo, useRef } from "react";
import { type Kind } from "./callbacks.js";
import { useSession } from "./context.js";
import type { Session } from "./session.js";
import { type Source, useTracked } from "./tracked.js";

export interface StreamCallbacks {
  onStreamStateChanged?: ((change: { state: any; timestamp: number }) => void) | undefined;
}

/** What `useStream` returns; the values are undefined while no such stream is there. */
export interface UseStream {
  kind: Kind;
  stream: Stream;
  codec: string;
  track: MediaStreamTrack;
  displaySurface: "monitor" | "window" | "browser" | undefined;
  paused: boolean;
  pause: () => Promise<void>;
  resume: () => Promise<void>;
}

/** Returns a stream by its id, whoever sends it. */
export function useStream(streamId: string, { onStreamStateChanged }: StreamCallbacks = {}): UseStream {
  const session = useSession();
  const shown = useTracked(useMemo(() => sourceOf(session, streamId), [session, streamId]));
  const newest = useRef(onStreamStateChanged);
  useInsertionEffect(() => {
    newest.current = onStreamStateChanged;
  });
  const { stream } = shown as { stream: Stream | undefined };
  // Pictures are only looked at while somebody listens.
  const listens = onStreamStateChanged !== undefined;
  useEffect(() => (listens ? stream?.on("state", (change) => newest.current?.(change)) : undefined), [stream, listens]);
  return shown;
}

function sourceOf(session: Session, id: string): Source<UseStream> {
  let of: unknown;
  let shown: Omit<UseStream, "pause" | "resume">;
  const values = (): UseStream => {
    const snapshot = session.snapshot();
    if (of !== snapshot) {
      of = snapshot;
      const found = find(snapshot.view.people, id);
      const stream = found?.person.streams[found.kind];
      shown = {
        kind: found?.kind,
        stream,
        codec: stream?.codec,
        track: found?.person.tracks[found.kind],
        displaySurface: stream?.displaySurface,
        paused: found?.person.paused.includes(found.kind),
      } as typeof shown;
    }
    return shown as UseStream;
  };
  const on = (name: "pause" | "resume") => (): Promise<void> => {
    const found = find(session.snapshot().view.people, id);
    const stream = found?.person.streams[found.kind];
    return stream === undefined ? session.refuse(session.noStream(name, id)) : stream[name]();
  };
  return { subscribe: session.subscribe, values, methods: { pause: on("pause"), resume: on("resume") } };
}

type People = ReturnType<Session["snapshot"]>["view"]["people"];

function find(people: People, id: string): { readonly person: People[number]; readonly kind: Kind } | undefined {
  for (const person of people)
    for (const kind of streamKinds) if (person.streams[kind]?.id === id) return { person, kind };
  return undefined;
}
