import type { ConnectionChange, MeetingEvents, Participant, Restrictions, Stream, VideoSDKError } from "@klatch/sdk";

export type Kind = "audio" | "video" | "share" | "shareAudio";

/** @internal Names of the callbacks of `useMeeting` by the event of the meeting that calls them. */
export const meetingCallbacks = {
  "participant-joined": "onParticipantJoined",
  "participant-left": "onParticipantLeft",
  "participant-connection-changed": "onParticipantConnectionChanged",
  "speaker-changed": "onSpeakerChanged",
  "presenter-changed": "onPresenterChanged",
  "main-participant-changed": "onMainParticipantChanged",
  "entry-requested": "onEntryRequested",
  "entry-responded": "onEntryResponded",
  "paused-all-streams": "onPausedAllStreams",
  "resumed-all-streams": "onResumedAllStreams",
  "recording-started": "onRecordingStarted",
  "recording-stopped": "onRecordingStopped",
  "recording-state-changed": "onRecordingStateChanged",
  "livestream-started": "onLiveStreamStarted",
  "livestream-stopped": "onLiveStreamStopped",
  "livestream-state-changed": "onLivestreamStateChanged",
  "hls-started": "onHlsStarted",
  "hls-stopped": "onHlsStopped",
  "hls-state-changed": "onHlsStateChanged",
  "meeting-joined": "onMeetingJoined",
  "switch-meeting": "onSwitchMeeting",
  "meeting-left": "onMeetingLeft",
  "meeting-state-changed": "onMeetingStateChanged",
  "participant-mode-changed": "onParticipantModeChanged",
  "webcam-requested": "onWebcamRequested",
  "mic-requested": "onMicRequested",
  "pin-state-changed": "onPinStateChanged",
  "lock-changed": "onLockChanged",
  "restrictions-changed": "onRestrictionsChanged",
  "quality-limitation": "onQualityLimitation",
  "audio-input-silence": "onAudioInputSilence",
  "codec-changed": "onCodecChanged",
  data: "onData",
  error: "onError",
} as const satisfies Partial<Record<keyof MeetingEvents, string>>;

/** @internal Callbacks of `useParticipant` by the event of the participant that calls them. */
export const participantCallbacks = {
  "stream-enabled": "onStreamEnabled",
  "stream-disabled": "onStreamDisabled",
  "connection-changed": "onConnectionChanged",
  "media-status-changed": "onMediaStatusChanged",
  "video-quality-changed": "onVideoQualityChanged",
  "stream-paused": "onStreamPaused",
  "stream-resumed": "onStreamResumed",
} as const;

/** @internal Callbacks by name, whatever they take. */
export type Callbacks = Readonly<Record<string, ((...args: never[]) => void) | undefined>>;

/** @internal What a mounted hook wants to be called: always the callbacks of its last rendering. */
export interface Listener {
  current: Callbacks;
}

/** @internal The scope of callbacks that are not of one participant: no id is empty. */
export const everybody = "";

/** A message of `send`. */
export interface DataMessage {
  readonly from: string;
  readonly timestamp: string;
  readonly payload: string | Uint8Array;
  readonly reliability: string;
}

/** Callbacks of `useMeeting` and `MeetingConsumer`. Those of features that Klatch does not offer are never called. */
export interface MeetingCallbacks {
  onParticipantJoined?: ((participant: Participant) => void) | undefined;
  onParticipantLeft?: ((participant: Participant, reason: LeftReason) => void) | undefined;
  /** Somebody else cannot be reached any more, or is back. Ours. */
  onParticipantConnectionChanged?:
    ((change: { readonly participantId: string } & ConnectionChange) => void) | undefined;
  onSpeakerChanged?: ((activeSpeakerId: string | null) => void) | undefined;
  onPresenterChanged?: ((presenterId: string | null) => void) | undefined;
  onMainParticipantChanged?: ((participant: Participant) => void) | undefined;
  onEntryRequested?: ((request: EntryRequested) => void) | undefined;
  /** Called with the id of who asked and the decision: `allowed` or `denied`. */
  onEntryResponded?: ((participantId: any, decision: any) => void) | undefined;
  onPausedAllStreams?: ((change: { kind: Kind | "all" | undefined }) => void) | undefined;
  onResumedAllStreams?: ((change: { kind: Kind | "all" | undefined }) => void) | undefined;
  onRecordingStarted?: (() => void) | undefined;
  onRecordingStopped?: (() => void) | undefined;
  onData?: ((data: DataMessage) => void) | undefined;
  onMeetingJoined?: (() => void) | undefined;
  onMeetingLeft?: ((reason: LeftReason) => void) | undefined;
  onLiveStreamStarted?: (() => void) | undefined;
  onLiveStreamStopped?: (() => void) | undefined;
  onWebcamRequested?: ((request: StreamRequested) => void) | undefined;
  onMicRequested?: ((request: StreamRequested) => void) | undefined;
  onPinStateChanged?:
    | ((change: { participantId: string; state: { share: boolean; cam: boolean }; pinnedBy: string }) => void)
    | undefined;
  /** The meeting was locked or unlocked: by a moderator, or over REST where `by` is "". Ours. */
  onLockChanged?: ((change: { readonly locked: boolean; readonly by: string }) => void) | undefined;
  /** What participants may do was changed: by a moderator, or over REST where `by` is "". Ours. */
  onRestrictionsChanged?: ((change: { readonly restrictions: Restrictions; readonly by: string }) => void) | undefined;
  /** Connections are not offered. */
  onConnectionOpen?: (() => void) | undefined;
  /** Connections are not offered. The name is the published one. */
  onConnetionClose?: (() => void) | undefined;
  /** `switchTo` has joined another meeting. */
  onSwitchMeeting?: (() => void) | undefined;
  /** Without any such callback a call that fails and that nobody awaits is an unhandled rejection. */
  onError?: ((error: MeetingError) => void) | undefined;
  onHlsStarted?: ((urls: { downstreamUrl: string }) => void) | undefined;
  onHlsStopped?: (() => void) | undefined;
  onHlsStateChanged?:
    | ((change: {
        status: "HLS_STARTING" | "HLS_STARTED" | "HLS_PLAYABLE" | "HLS_STOPPING" | "HLS_STOPPED";
        downstreamUrl?: string;
        playbackHlsUrl?: string;
        livestreamUrl?: string;
      }) => void)
    | undefined;
  /** With RECORDING_STOPPED, who may record gets `fileUrl`, a link that expires. (Ours.) */
  onRecordingStateChanged?:
    | ((change: {
        status: "RECORDING_STARTING" | "RECORDING_STARTED" | "RECORDING_STOPPING" | "RECORDING_STOPPED";
        fileUrl?: string;
      }) => void)
    | undefined;
  onLivestreamStateChanged?:
    | ((change: {
        status: "LIVESTREAM_STARTING" | "LIVESTREAM_STARTED" | "LIVESTREAM_STOPPING" | "LIVESTREAM_STOPPED";
      }) => void)
    | undefined;
  /** Also called with RECONNECTING, which the published type lacks. */
  onMeetingStateChanged?:
    | ((change: { state: "CONNECTING" | "CONNECTED" | "FAILED" | "DISCONNECTED" | "CLOSING" | "CLOSED" }) => void)
    | undefined;
  onParticipantModeChanged?:
    ((change: { participantId: string; mode: "SEND_AND_RECV" | "SIGNALLING_ONLY" | "RECV_ONLY" }) => void) | undefined;
  onQualityLimitation?:
    | ((limitation: {
        type: "congestion" | "bandwidth" | "cpu";
        state: "detected" | "resolved";
        timestamp: number;
      }) => void)
    | undefined;
  onAudioInputSilence?: ((silence: any) => void) | undefined;
  onCodecChanged?:
    | ((change: {
        previousCodec: string;
        currentCodec: string;
        unsupportedRemoteCodec: string;
        kind: "video";
        causedBy?: Participant;
      }) => void)
    | undefined;
  /** Characters are not offered. */
  onCharacterJoined?: ((character: any) => void) | undefined;
  onCharacterLeft?: ((character: any) => void) | undefined;
  /** Media relay is not offered. */
  onMediaRelayStarted?: ((relay: { meetingId: string }) => void) | undefined;
  onMediaRelayStopped?: ((relay: { meetingId: string; reason: string }) => void) | undefined;
  onMediaRelayError?: ((relay: { meetingId: string; error: string }) => void) | undefined;
  onMediaRelayRequestResponse?:
    ((response: { decision: "accepted" | "declined"; decidedBy: string; meetingId: string }) => void) | undefined;
  onMediaRelayRequestReceived?:
    | ((request: {
        participantId: string;
        meetingId: string;
        displayName: string;
        accept: () => void;
        reject: () => void;
      }) => void)
    | undefined;
}

/** Why somebody left. */
export interface LeftReason {
  readonly code: number;
  readonly message: string;
}

/** A fault as `onError` gets it. The published type has its code as a string; it is a number. */
export type MeetingError = Omit<VideoSDKError, "code"> & { readonly code: any };

export interface EntryRequested {
  readonly participantId: string;
  readonly name: string;
  readonly allow: () => void;
  readonly deny: () => void;
}

export interface StreamRequested {
  readonly participantId: string;
  readonly accept: () => void;
  readonly reject: () => void;
}

/** Callbacks of `useParticipant`. */
export interface ParticipantCallbacks {
  onStreamEnabled?: ((stream: Stream) => void) | undefined;
  onStreamDisabled?: ((stream: Stream) => void) | undefined;
  /** Ours. */
  onConnectionChanged?: ((change: ConnectionChange) => void) | undefined;
  onMediaStatusChanged?: ((change: { kind: Kind; peerId: string; newStatus: boolean }) => void) | undefined;
  onVideoQualityChanged?: ((change: { peerId: string; prevQuality: any; currentQuality: any }) => void) | undefined;
  onStreamPaused?: ((change: { kind: any; reason: string }) => void) | undefined;
  onStreamResumed?: ((change: { kind: any; reason: string }) => void) | undefined;
}
