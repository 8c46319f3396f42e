import type { ConnectionState, MetaData, Participant, Stream } from "@klatch/sdk";
import type { Snapshot } from "@klatch/state";
import { useMemo } from "react";
import type { ParticipantCallbacks } from "./callbacks.js";
import { useCallbacks } from "./usecallbacks.js";
import { useSession } from "./context.js";
import type { Session } from "./session.js";
import { type Source, useTracked } from "./tracked.js";

type Mode = "SEND_AND_RECV" | "SIGNALLING_ONLY" | "RECV_ONLY";

/** What `useParticipant` returns beside methods; idle while no such participant is in the meeting. */
export interface ParticipantValues {
  displayName: string;
  participant: Participant;
  /** null while there is none. Another object when its track is another one. */
  webcamStream: Stream;
  micStream: Stream;
  screenShareStream: Stream;
  screenShareAudioStream: Stream;
  webcamOn: boolean;
  micOn: boolean;
  screenShareOn: boolean;
  screenShareAudioOn: boolean;
  isLocal: boolean;
  isActiveSpeaker: boolean;
  isMainParticipant: boolean;
  pinState: any;
  mode: Mode;
  metaData: object;
  /** RECONNECTING while the server cannot reach the participant; of oneself see `useMeeting`. Ours. */
  connectionState: ConnectionState;
}

const names = [
  "consumeMicStreams",
  "consumeWebcamStreams",
  "stopConsumingMicStreams",
  "stopConsumingWebcamStreams",
  "setQuality",
  "setScreenShareQuality",
  "setViewPort",
  "enableMic",
  "disableMic",
  "enableWebcam",
  "disableWebcam",
  "remove",
  "captureImage",
  "pin",
  "unpin",
  "getAudioStats",
  "getVideoStats",
  "getShareStats",
  "getShareAudioStats",
  "getTransportStats",
] as const satisfies readonly (keyof Participant)[];

type Methods = Pick<Participant, (typeof names)[number]>;

/** Methods of `useParticipant`: those of `Participant`. They need no `this`. */
export type ParticipantMethods = { [K in keyof Methods]: Methods[K] };

export type UseParticipant = ParticipantValues & ParticipantMethods;

/** Returns a participant of the meeting, oneself included, and calls the callbacks of its last rendering. */
export function useParticipant(participantId: string, callbacks: ParticipantCallbacks = {}): UseParticipant {
  const session = useSession();
  useCallbacks(session, callbacks, participantId);
  return useTracked(useMemo(() => sourceOf(session, participantId), [session, participantId]));
}

function sourceOf(session: Session, id: string): Source<UseParticipant> {
  let of: unknown;
  let shown: ParticipantValues;
  const values = (): ParticipantValues => {
    const snapshot = session.snapshot();
    if (of !== snapshot) {
      of = snapshot;
      const { people, speakerId, mainId } = snapshot.view;
      shown = valuesOf(
        people.find((p) => p.id === id),
        session.participant(id),
        speakerId === id,
        mainId === id,
      );
    }
    return shown;
  };
  return {
    subscribe: session.subscribe,
    values: values as () => UseParticipant,
    methods: methodsOf(session, id),
  };
}

const noPin = { cam: false, share: false };
const noMetaData: MetaData = {};

function valuesOf(
  p: Snapshot | undefined,
  participant: Participant | undefined,
  isActiveSpeaker: boolean,
  isMainParticipant: boolean,
): ParticipantValues {
  const values: { [K in keyof ParticipantValues]: ParticipantValues[K] | null | undefined } = {
    displayName: participant?.displayName ?? "",
    participant: participant ?? null,
    webcamStream: streamOf(p, "video"),
    micStream: streamOf(p, "audio"),
    screenShareStream: streamOf(p, "share"),
    screenShareAudioStream: streamOf(p, "shareAudio"),
    webcamOn: p?.on.video ?? false,
    micOn: p?.on.audio ?? false,
    screenShareOn: has(p, "share"),
    screenShareAudioOn: has(p, "shareAudio"),
    isLocal: p?.local ?? false,
    isActiveSpeaker,
    isMainParticipant,
    pinState: p?.pin ?? noPin,
    mode: p?.mode,
    metaData: p?.metaData ?? noMetaData,
    connectionState: p?.connectionState ?? "CONNECTED",
  };
  return values as ParticipantValues;
}

/** By stream, the object that stands for it with its present track. */
const shownStreams = new WeakMap<Stream, { readonly track: MediaStreamTrack; readonly as: Stream }>();

/**
 * Returns the stream of a kind. Published components attach its track in an effect that depends on the stream alone:
 * a stream that got another track, as a change of the camera does, is another object.
 */
function streamOf(p: Snapshot | undefined, kind: keyof Snapshot["streams"]): Stream | null {
  const stream = p?.streams[kind];
  const track = p?.tracks[kind];
  if (stream === undefined || track === undefined) return null;
  const known = shownStreams.get(stream);
  if (known?.track === track) return known.as;
  const as = known === undefined ? stream : sameAs(stream);
  shownStreams.set(stream, { track, as });
  return as;
}

/**
 * Whether a share is on and here. Published components take the track of its stream without a look whether there is
 * one; who shares is known before, by `presenterId`.
 */
function has(p: Snapshot | undefined, kind: "share" | "shareAudio"): boolean {
  return p?.on[kind] === true && streamOf(p, kind) !== null;
}

/** Another object that does all that the stream does. */
function sameAs(stream: Stream): Stream {
  return new Proxy(stream, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

function methodsOf(session: Session, id: string): ParticipantMethods {
  const on =
    (name: (typeof names)[number]) =>
    (...args: unknown[]): unknown => {
      const participant = session.participant(id);
      if (participant !== undefined)
        return (participant[name] as (...args: unknown[]) => unknown).apply(participant, args);
      // Of somebody who is not there nothing is measured and nothing shown: apps ask for both again and again.
      if (name === "getTransportStats") return Promise.resolve(null);
      if (name.endsWith("Stats")) return Promise.resolve([]);
      return name === "setViewPort" ? undefined : session.refuse(session.notThere(name, id));
    };
  return Object.fromEntries(names.map((name) => [name, on(name)])) as unknown as ParticipantMethods;
}
