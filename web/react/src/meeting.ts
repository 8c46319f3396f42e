import type { Meeting, Participant, PinState, Restrictions } from "@klatch/sdk";
import { noEgress } from "@klatch/state";
import type { Kind, MeetingCallbacks } from "./callbacks.js";
import { useCallbacks } from "./usecallbacks.js";
import { useSession } from "./context.js";
import type { Session } from "./session.js";
import { type Source, useTracked } from "./tracked.js";

type Mode = "SEND_AND_RECV" | "SIGNALLING_ONLY" | "RECV_ONLY";

/** A device in use, or chosen for the next time. */
export interface SelectedCamera {
  deviceId: string;
  groupId: string;
  kind: "videoinput";
  label: string;
}
export interface SelectedMicrophone {
  deviceId: string;
  groupId: string;
  kind: "audioinput";
  label: string;
}

/** What `useMeeting` returns beside methods. Reading a value is what makes a component render when it changes. */
export interface MeetingValues {
  /** That of the config until the meeting was joined. */
  meetingId: string;
  /** null until `join`; likewise one's own participant. When the meeting was left they are those of before. */
  meeting: Meeting;
  /** Address of the server; "" until `join`. */
  baseUrl: string;
  localParticipant: Participant;
  mainParticipant: Participant;
  /** null while nobody speaks. */
  activeSpeakerId: string;
  /** Oneself included. Another map when somebody enters, leaves or changes mode. */
  participants: Map<string, Participant>;
  /** Empty: characters are not offered. */
  characters: Map<string, never>;
  pinnedParticipants: Map<string, { cam: boolean; share: boolean }>;
  presenterId?: string;
  localMicOn: boolean;
  localWebcamOn: boolean;
  localScreenShareOn: boolean;
  isRecording: boolean;
  isLiveStreaming: boolean;
  isHls: boolean;
  isMeetingJoined: boolean;
  /** Nobody new gets in. Ours. */
  locked: boolean;
  /** What participants may not do; who has allow_mod is not bound. Ours. */
  restrictions: Restrictions;
  /** What `onData` was called with. */
  messages: Array<any>;
  recordingState: string;
  livestreamState: string;
  hlsState: string;
  hlsUrls: { downstreamUrl: string; playbackHlsUrl: string; livestreamUrl: string };
  /** Always TRANSCRIPTION_STOPPED and TRANSLATION_STOPPED: neither is offered. */
  transcriptionState: string;
  translationState: string;
  selectedCameraDevice?: SelectedCamera;
  selectedMicrophoneDevice?: SelectedMicrophone;
  /** Empty: connections are not offered. */
  connections: Map<string, any>;
}

type FirstOf<K extends keyof Meeting> = Meeting[K] extends (...args: infer A) => unknown ? A : never;

/** Methods of `useMeeting`: those of `Meeting`, of constant identity. They need no `this`. */
export interface MeetingMethods {
  join: () => Promise<void>;
  leave: () => Promise<void>;
  end: () => Promise<void>;
  /** Locks the meeting: nobody new gets in. Needs allow_mod. Ours. */
  lock: () => Promise<void>;
  unlock: () => Promise<void>;
  /** Takes rights from participants (true), or gives them back (false). Needs allow_mod. Ours. */
  restrict: (changes: Partial<Restrictions>) => Promise<void>;
  unmuteMic: (customAudioTrack?: MediaStream | undefined) => Promise<void>;
  muteMic: () => Promise<void>;
  toggleMic: (customAudioTrack?: MediaStream | undefined) => Promise<void>;
  enableWebcam: (customVideoTrack?: MediaStream | undefined) => Promise<void>;
  disableWebcam: () => Promise<void>;
  toggleWebcam: (customVideoTrack?: MediaStream | undefined) => Promise<void>;
  enableScreenShare: (customScreenShareTrack?: MediaStream | undefined) => Promise<void>;
  disableScreenShare: () => Promise<void>;
  toggleScreenShare: (customScreenShareTrack?: MediaStream | undefined) => Promise<void>;
  send: (
    payload: string | Blob | ArrayBuffer | ArrayBufferView,
    options?: { reliability?: "RELIABLE" | "UNRELIABLE" },
  ) => Promise<boolean>;
  enableAdaptiveSubscription: () => Promise<void>;
  disableAdaptiveSubscription: () => Promise<void>;
  pauseAllStreams: (kind?: Kind | "all" | undefined) => Promise<void>;
  resumeAllStreams: (kind?: Kind | "all" | undefined) => Promise<void>;
  startRecording: (...args: FirstOf<"startRecording">) => Promise<void>;
  stopRecording: () => Promise<void>;
  switchTo: (target: { meetingId: string; token?: string }) => Promise<void>;
  startLivestream: (...args: FirstOf<"startLivestream">) => Promise<void>;
  stopLivestream: () => Promise<void>;
  startHls: (...args: FirstOf<"startHls">) => Promise<void>;
  stopHls: () => Promise<void>;
  getMics: () => Promise<Array<{ deviceId: string; label: string }>>;
  getWebcams: () => Promise<Array<{ deviceId: string; label: string; facingMode: "environment" | "front" }>>;
  changeMic: (object: string | MediaStream) => Promise<void>;
  changeWebcam: (object: string | MediaStream) => Promise<void>;
  changeMode: (mode: Mode) => Promise<void>;
  /** Not offered: rejects with 3105. */
  requestMediaRelay: (options: object) => Promise<void>;
  stopMediaRelay: (id: string) => Promise<void>;
  respondEntry: (id: string, decision: any) => Promise<void>;
  replaceWebcamStream: (stream: MediaStream) => Promise<void>;
}

export type UseMeeting = MeetingValues & MeetingMethods;

/** Returns the meeting of the provider above, and calls the callbacks of its last rendering. */
export function useMeeting(callbacks: MeetingCallbacks = {}): UseMeeting {
  const session = useSession();
  useCallbacks(session, callbacks);
  return useTracked(sourceOf(session));
}

const sources = new WeakMap<Session, Source<UseMeeting>>();

function sourceOf(session: Session): Source<UseMeeting> {
  const known = sources.get(session);
  if (known !== undefined) return known;
  const values = valuesOf(session);
  const made: Source<UseMeeting> = {
    subscribe: session.subscribe,
    values: values as () => UseMeeting,
    // One's own participant stays the same object when one's mode or devices change.
    mark: (key) =>
      key === "localParticipant"
        ? session.snapshot().view.people.find((p) => p.local)
        : values()[key as keyof MeetingValues],
    methods: methodsOf(session),
  };
  sources.set(session, made);
  return made;
}

const noMap = new Map<string, never>();

/** Returns the function that makes the values of a session, once for each of its snapshots. */
function valuesOf(session: Session): () => MeetingValues {
  let of: unknown;
  let shown: MeetingValues;
  const participants = kept<Participant>();
  const pins = kept<PinState>();
  return () => {
    const snapshot = session.snapshot();
    if (of === snapshot) return shown;
    of = snapshot;
    const { meeting, view, messages } = snapshot;
    const { egress, people } = view;
    const self = people.find((p) => p.local);
    const person = (id: string): Participant | null => session.participant(id) ?? null;
    const values: { [K in keyof MeetingValues]: MeetingValues[K] | null | undefined } = {
      meetingId: meeting?.id ?? (session.setup.config["meetingId"] as string | undefined),
      meeting,
      baseUrl: String(session.setup.config["serverUrl"] ?? session.setup.config["signalingBaseUrl"] ?? ""),
      localParticipant: meeting?.localParticipant ?? null,
      mainParticipant: view.mainId === null ? null : person(view.mainId),
      activeSpeakerId: view.speakerId,
      participants: participants(
        people.map(({ id }) => [id, person(id)]),
        people.map(({ mode, name }) => `${mode} ${name}`).join("\n"),
      ),
      characters: noMap,
      pinnedParticipants: pins(people.map(({ id, pin }) => [id, pin.cam || pin.share ? pin : null])),
      presenterId: view.presenterId,
      localMicOn: self?.on.audio ?? false,
      localWebcamOn: self?.on.video ?? false,
      localScreenShareOn: self?.on.share ?? false,
      isRecording: egress.recording === "RECORDING_STARTED",
      isLiveStreaming: egress.livestream === "LIVESTREAM_STARTED",
      isHls: egress.hls === "HLS_STARTED" || egress.hls === "HLS_PLAYABLE",
      locked: view.locked,
      restrictions: view.restrictions,
      isMeetingJoined: view.inside && view.connection === "CONNECTED",
      messages: messages as any[],
      recordingState: egress.recording || noEgress.recording,
      livestreamState: egress.livestream || noEgress.livestream,
      hlsState: egress.hls || noEgress.hls,
      hlsUrls: egress.urls as MeetingValues["hlsUrls"],
      transcriptionState: "TRANSCRIPTION_STOPPED",
      translationState: "TRANSLATION_STOPPED",
      selectedCameraDevice: view.camera as SelectedCamera | undefined,
      selectedMicrophoneDevice: view.microphone as SelectedMicrophone | undefined,
      connections: noMap,
    };
    shown = values as MeetingValues;
    return shown;
  };
}

/** Returns a function that makes a map of its entries, without the empty ones: the one before while they are equal. */
function kept<T>(): (entries: readonly (readonly [string, T | null])[], more?: string) => Map<string, T> {
  let before = new Map<string, T>();
  let beside = "";
  return (entries, more = "") => {
    const map = new Map(entries.filter((entry): entry is readonly [string, T] => entry[1] !== null));
    const same =
      more === beside && map.size === before.size && [...map].every(([id, value]) => before.get(id) === value);
    beside = more;
    if (!same) before = map;
    return before;
  };
}

function methodsOf(session: Session): MeetingMethods {
  const call = session.call.bind(session);
  const device = session.callDevice.bind(session);
  const self = () => session.snapshot().view.people.find((p) => p.local)?.on;
  return {
    join: () => session.join(),
    leave: () => call((m) => m.leave()),
    end: () => call((m) => m.end()),
    lock: () => call((m) => m.lock()),
    unlock: () => call((m) => m.unlock()),
    restrict: (changes) => call((m) => m.restrict(changes)),
    unmuteMic: (track) => device((m) => m.unmuteMic(track)),
    muteMic: () => call((m) => m.muteMic()),
    toggleMic: (track) => device((m) => (self()?.audio === true ? m.muteMic() : m.unmuteMic(track))),
    enableWebcam: (track) => device((m) => m.enableWebcam(track)),
    disableWebcam: () => call((m) => m.disableWebcam()),
    toggleWebcam: (track) => device((m) => (self()?.video === true ? m.disableWebcam() : m.enableWebcam(track))),
    enableScreenShare: (track) => call((m) => m.enableScreenShare(track)),
    disableScreenShare: () => call((m) => m.disableScreenShare()),
    toggleScreenShare: (track) =>
      call((m) => (self()?.share === true ? m.disableScreenShare() : m.enableScreenShare(track))),
    send: (payload, options) => call((m) => m.send(payload, options)),
    enableAdaptiveSubscription: () => call((m) => m.enableAdaptiveSubscription()),
    disableAdaptiveSubscription: () => call((m) => m.disableAdaptiveSubscription()),
    pauseAllStreams: (kind) => call((m) => m.pauseAllStreams(kind as Kind)),
    resumeAllStreams: (kind) => call((m) => m.resumeAllStreams(kind as Kind)),
    startRecording: (...args) => call((m) => m.startRecording(...args)),
    stopRecording: () => call((m) => m.stopRecording()),
    switchTo: (target) => call((m) => m.switchTo(target)),
    startLivestream: (...args) => call((m) => m.startLivestream(...args)),
    stopLivestream: () => call((m) => m.stopLivestream()),
    startHls: (...args) => call((m) => m.startHls(...args)),
    stopHls: () => call((m) => m.stopHls()),
    getMics: () => call((m) => m.getMics()),
    getWebcams: () => call((m) => m.getWebcams()) as unknown as ReturnType<MeetingMethods["getWebcams"]>,
    changeMic: (object) => device((m) => m.changeMic(object)),
    changeWebcam: (object) => device((m) => m.changeWebcam(object)),
    changeMode: (mode) => call((m) => m.changeMode(mode)),
    requestMediaRelay: (options) =>
      call((m) => m.requestMediaRelay(options as Parameters<typeof m.requestMediaRelay>[0])),
    stopMediaRelay: (id) => call((m) => m.stopMediaRelay(id)),
    respondEntry: (id, decision) => call((m) => m.respondEntry(id, decision)),
    replaceWebcamStream: (stream) => device((m) => m.replaceWebcamStream(stream)),
  };
}
