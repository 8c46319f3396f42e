// The words of the public surface that are plain values: options, states, payloads of events.

import type { Participant } from "./participant.js";
import type { Stream } from "./stream.js";
import type { VideoSDKError } from "./fault.js";

/** What a stream carries. A participant has at most one stream of each kind. */
export type StreamKind = "audio" | "video" | "share" | "shareAudio";

/** What a participant may do with media. */
export type Mode = "SEND_AND_RECV" | "RECV_ONLY" | "SIGNALLING_ONLY";

/** Modes as `initMeeting` and `changeMode` take them: the old names are accepted. */
export type ModeName = Mode | "CONFERENCE" | "VIEWER";

/**
 * DISCONNECTED: not joined yet, or left. CONNECTING: joining, or waiting in the lobby. RECONNECTING: the socket
 * is gone and being restored; media may still flow. FAILED: joining or reconnecting failed. A participant that was
 * removed, or whose meeting ended, is DISCONNECTED; the `error` event says why.
 */
export type MeetingState = "DISCONNECTED" | "CONNECTING" | "CONNECTED" | "RECONNECTING" | "FAILED";

/** A picture by the rank of its size: the largest that is sent is high. */
export type Quality = "low" | "med" | "high";

/** The same in events, as published. */
export type QualityName = "LOW" | "MEDIUM" | "HIGH";

/** What a camera or screen can be encoded with. */
export type VideoCodec = "VP8" | "VP9" | "AV1" | "H264";

/**
 * Why nothing of a stream is received: `requested` by pause() or pauseAllStreams(), `visibility` by adaptive
 * subscription, `bandwidth` because the connection is too slow, `source` because the publisher sends nothing.
 */
export type PauseReason = "requested" | "visibility" | "bandwidth";

/**
 * How a received picture gets on. active: its first frame was decoded; stuck: nothing arrives; frozen: packets arrive
 * and no frame is decoded; recovered: frames are decoded again; ended: the stream was switched off.
 */
export type StreamState = "active" | "stuck" | "frozen" | "recovered" | "ended";

/** Answer to somebody who asks to enter. */
export type Decision = "allowed" | "denied";

/** Why a participant left: the published code with its name. */
export interface LeaveReason {
  readonly code: number;
  readonly name: string;
}

/** What of a participant is pinned. */
export interface PinState {
  readonly cam: boolean;
  readonly share: boolean;
}

/** Which streams `pin` and `unpin` mean. */
export type PinType = "SHARE_AND_CAM" | "CAM" | "SHARE";

/** A plain object that travels as JSON. */
export type MetaData = Readonly<Record<string, unknown>>;

/** A track of one's own making: a stream that holds it, or the track itself. */
export type CustomTrack = MediaStream | MediaStreamTrack;

/** Where the server is. */
export interface ServerOptions {
  /** Base address, http or https, a path prefix included where a proxy adds one. Default: the page's origin. */
  serverUrl?: string;
}

/** How media may travel: over UDP where it passes and else over TCP, or over one of them only. */
export type PreferredProtocol = "UDP_OVER_TCP" | "UDP_ONLY" | "TCP_ONLY";

/** Options of `initMeeting`. */
export interface MeetingOptions extends ServerOptions {
  /** `xxxx-xxxx-xxxx`, or the custom id the room was created with. */
  meetingId: string;
  /** Without whitespace. Absent: that of the token, or one made by the server. */
  participantId?: string;
  /** Display name, up to 256 bytes. */
  name?: string;
  /** Unmute on joining. Default false. */
  micEnabled?: boolean;
  /** Switch the camera on when joining. Default false. */
  webcamEnabled?: boolean;
  /** Default SEND_AND_RECV. */
  mode?: ModeName;
  /** Shown to the others; up to 4 KiB as JSON. */
  metaData?: MetaData;
  /** Receive every stream without asking. Default true. */
  autoConsume?: boolean;
  /** Used for the camera instead of the default device. */
  customCameraVideoTrack?: CustomTrack;
  /** Used for the microphone instead of the default device. */
  customMicrophoneAudioTrack?: CustomTrack;
  /** Highest camera picture: hd is 1280x720, sd 640x360. Default hd. */
  maxResolution?: "hd" | "sd";
  /** Send the camera and the shared screen in several sizes, so that each receiver gets what fits. Default true. */
  multiStream?: boolean;
  /** How many sizes of the camera at most; only with multiStream. Default 3. */
  maxLayer?: 2 | 3;
  /** Default UDP_OVER_TCP. */
  preferredProtocol?: PreferredProtocol;
  /** Published name of `serverUrl`; `host[:port]` or an address. */
  signalingBaseUrl?: string;
}

/** Somebody asks to enter: answer with `allow()` or `deny()`. */
export interface EntryRequest {
  readonly participantId: string;
  readonly name: string;
  readonly metaData: MetaData | undefined;
  allow(): Promise<void>;
  deny(): Promise<void>;
}

/** A moderator asks for the microphone or camera. */
export interface StreamRequest {
  readonly participantId: string;
  /** Switches it on. */
  accept(): Promise<void>;
  /** Does nothing on the wire; it is there so that the handler reads well. */
  reject(): void;
}

/** State of the meeting's recording; "" while nothing was recorded in this session. */
export type RecordingState =
  "" | "RECORDING_STARTING" | "RECORDING_STARTED" | "RECORDING_STOPPING" | "RECORDING_STOPPED";

/** State of the meeting's livestream; "" while there was none in this session. */
export type LivestreamState =
  "" | "LIVESTREAM_STARTING" | "LIVESTREAM_STARTED" | "LIVESTREAM_STOPPING" | "LIVESTREAM_STOPPED";

/** State of the meeting's HLS; "" while there was none in this session. From HLS_PLAYABLE on a player can start. */
export type HlsState = "" | "HLS_STARTING" | "HLS_STARTED" | "HLS_PLAYABLE" | "HLS_STOPPING" | "HLS_STOPPED";

/** Where the HLS can be played: known from HLS_STARTED to HLS_STOPPING. */
export interface HlsUrls {
  /** From the start; it can still be played there when HLS has stopped. */
  readonly playbackHlsUrl: string | null;
  /** The live edge. */
  readonly livestreamUrl: string | null;
  /** Old name of playbackHlsUrl. */
  readonly downstreamUrl: string | null;
}

/** How the meeting is put into one picture. What is left out takes its default. */
export interface CompositionConfig {
  layout?: {
    /** Default GRID. */
    type?: "GRID" | "SPOTLIGHT" | "SIDEBAR";
    /** Who outranks whom for the main place. Default SPEAKER. */
    priority?: "SPEAKER" | "PIN";
    /** People in the picture, 1 to 25. Default 25. */
    gridSize?: number;
  };
  theme?: "DARK" | "LIGHT" | "DEFAULT";
  /** 854x480, 1280x720 (default), 1920x1080; swapped for portrait. */
  quality?: "low" | "med" | "high";
  /** Default landscape. */
  orientation?: "landscape" | "portrait";
}

/** Config of `startRecording`. */
export interface RecordingConfig extends CompositionConfig {
  /** Format of the file: `mp4` (H264 and AAC) or `webm` (VP9 and Opus). Default `mp4`. */
  fileFormat?: "mp4" | "webm";
  /** Default video-and-audio. */
  mode?: "video-and-audio" | "audio";
}

/** Config of `startLivestream`. */
export interface LivestreamConfig extends CompositionConfig {
  /** Also write a file. Default off. */
  recording?: { enabled: boolean };
}

/** Config of `startHls`. */
export interface HlsConfig extends CompositionConfig {
  /** Default video-and-audio. */
  mode?: "video-and-audio" | "audio";
}

/** An RTMP target. */
export interface LivestreamOutput {
  /** rtmp:// or rtmps:// */
  url: string;
  /** A secret of the target. */
  streamKey: string;
}

/** Events of a `Meeting`: name to the arguments of the listener. */
export interface MeetingEvents {
  "meeting-joined": [];
  "meeting-left": [reason: LeaveReason];
  "meeting-state-changed": [change: { readonly state: MeetingState }];
  "participant-joined": [participant: Participant];
  "participant-left": [participant: Participant, reason: LeaveReason];
  "participant-mode-changed": [change: { readonly participantId: string; readonly mode: Mode }];
  "speaker-changed": [participantId: string | null];
  "presenter-changed": [participantId: string | null];
  "main-participant-changed": [participant: Participant];
  /** Only to holders of `allow_join`. */
  "entry-requested": [request: EntryRequest];
  /** To holders of `allow_join` and to the one who asked to enter. */
  "entry-responded": [participantId: string, decision: Decision];
  /** The one who asked to enter is gone or waited too long. Ours. */
  "entry-withdrawn": [participantId: string];
  /** While waiting in the lobby, every 10 s. `hosts` is how many could answer. Ours. */
  "entry-pending": [wait: { readonly waitedMs: number; readonly hosts: number }];
  "mic-requested": [request: StreamRequest];
  "webcam-requested": [request: StreamRequest];
  "pin-state-changed": [
    change: {
      readonly participantId: string;
      /** Same as participantId, under the name the published JavaScript docs use. */
      readonly peerId: string;
      readonly state: PinState;
      readonly pinnedBy: string;
    },
  ];
  "recording-state-changed": [change: { readonly status: RecordingState }];
  "livestream-state-changed": [change: { readonly status: LivestreamState }];
  "hls-state-changed": [change: { readonly status: HlsState } & HlsUrls];
  /** Old names for *_STARTED and *_STOPPED of the three above. */
  "recording-started": [];
  "recording-stopped": [];
  "livestream-started": [];
  "livestream-stopped": [];
  "hls-started": [urls: HlsUrls];
  "hls-stopped": [];
  "paused-all-streams": [change: { readonly kind: StreamKind | "all" }];
  "resumed-all-streams": [change: { readonly kind: StreamKind | "all" }];
  /**
   * What is sent or received is limited, or no longer. `direction` is ours: receive is told by the server, send by the
   * browser's encoder. `timestamp` is in ms since 1970.
   */
  "quality-limitation": [
    limitation: {
      readonly type: "congestion" | "bandwidth" | "cpu";
      readonly state: "detected" | "resolved";
      readonly timestamp: number;
      readonly direction: "receive" | "send";
    },
  ];
  /** A data message of another participant: `send`. */
  data: [message: DataMessage];
  /** Every failure, once; a call that waits rejects with the same object. */
  error: [fault: VideoSDKError];
  /** What a fault told is over: media flows again, or a stream arrives. Ours. */
  "fault-cleared": [
    cleared: { readonly id: string; readonly code: number; readonly reason: string; readonly forMs: number },
  ];
}

/** Events of a `Participant`. */
export interface ParticipantEvents {
  /** Media is here: `stream.track` can be played. */
  "stream-enabled": [stream: Stream];
  "stream-disabled": [stream: Stream];
  /** The participant switched a stream, whether or not it is received here. */
  "media-status-changed": [change: { readonly kind: StreamKind; readonly newStatus: boolean }];
  /** The picture that is received has another rank than before. `kind` is ours: video or share. */
  "video-quality-changed": [
    change: {
      readonly currentQuality: QualityName;
      readonly prevQuality: QualityName | undefined;
      readonly kind: StreamKind;
    },
  ];
  /** Nothing of the stream is received, and it is received again. */
  "stream-paused": [change: { readonly kind: StreamKind; readonly reason: PauseReason }];
  "stream-resumed": [change: { readonly kind: StreamKind; readonly reason: PauseReason }];
}

/** Events of a `Stream`; its pictures are only looked at while somebody listens. */
export interface StreamEvents {
  /** Of a received camera or screen; `timestamp` is in ms since 1970. */
  state: [change: { readonly state: StreamState; readonly timestamp: number }];
  /** Same as state. */
  "stream-state-changed": [change: { readonly state: StreamState; readonly timestamp: number }];
}

/** A message of a topic. */
export interface PubSubMessage {
  readonly id: string;
  readonly topic: string;
  readonly message: string;
  readonly senderId: string;
  readonly senderName: string;
  /** RFC 3339, UTC. */
  readonly timestamp: string;
  readonly payload?: MetaData;
}

/** Options of `pubSub.publish`. */
export interface PublishOptions {
  /** Keep it for the session and give it to later subscribers. Default false. */
  persist?: boolean | undefined;
  /** Participant ids; absent or empty: everybody. */
  sendOnly?: readonly string[] | undefined;
}

/** What becomes of messages that come faster than they are taken. */
export type RealtimeOverflow = "queue" | "drop";

/** Options of `pubSub.subscribe`. */
export interface SubscribeOptions {
  /** How many persisted messages to get, newest; 0 none. Default all. */
  oldMessageLimit?: number | undefined;
  /**
   * What becomes of messages that `newMessageLimit` holds back, or that arrive more than a second late because the
   * network or the device is slow: they wait for their turn (queue, the default), or they are dropped.
   */
  realtimeOverflow?: RealtimeOverflow | undefined;
  /**
   * How many batches may wait, of `newMessageLimit` messages each, or of 50 without it: 1 to 200, default 70. Further
   * messages take the place of the oldest ones. Not with drop.
   */
  maxQueue?: number | undefined;
  /** How many messages are told in 500 ms: 1 or more. Default: all. */
  newMessageLimit?: number | undefined;
}

/** Listeners of `pubSub.subscribe`. */
export interface TopicListeners {
  /** Each new message. */
  onMessageReceived?: ((message: PubSubMessage) => void) | undefined;
  /** The same messages, several in one call where they came together. */
  onBatchReceived?: ((messages: PubSubMessage[]) => void) | undefined;
  /** The persisted messages, oldest first. */
  onOldMessagesReceived?: ((messages: PubSubMessage[], info: { isLast: boolean }) => void) | undefined;
  /** New messages that were dropped since the last call. */
  onMessageDrop?: ((info: { droppedCount: number }) => void) | undefined;
}

/** How a data message travels: RELIABLE in order and again until it arrives, UNRELIABLE once. */
export type ReliabilityMode = "RELIABLE" | "UNRELIABLE";

/** Options of `meeting.send`. */
export interface SendOptions {
  /** Default RELIABLE. */
  reliability?: ReliabilityMode | undefined;
}

/** A data message of another participant. */
export interface DataMessage {
  /** A string where a string was sent. */
  readonly payload: string | Uint8Array;
  /** Participant who sent it. */
  readonly from: string;
  /** When the server got it, in ms since 1970. */
  readonly timestamp: number;
  readonly reliability: "reliable" | "unreliable";
}

/** A listener of `realtimeStore.observe`; null when the key was deleted. */
export type ValueListener = (value: string | null, updatedBy: string) => void;

/** What the transport says about one stream, or one size of an own one. What a browser does not measure is absent. */
export interface StreamStats {
  readonly kind: StreamKind;
  /** Since the last call for this stream; 0 at the first. */
  readonly bitrateBps: number;
  readonly rttMs: number | undefined;
  readonly jitterMs: number | undefined;
  readonly packetsLost: number;
  readonly totalPackets: number;
  readonly codec: string | undefined;
  readonly size: { readonly width: number; readonly height: number; readonly framerate: number } | undefined;
  /** Published name: bitrateBps in kbit/s. */
  readonly bitrate: number;
  /** Published name of rttMs; more than 300 is poor. */
  readonly rtt: number | undefined;
  /** Published name of jitterMs. */
  readonly jitter: number | undefined;
  /** Kind of the network in use, such as wifi or ethernet. */
  readonly network: string | undefined;
  /** What limits an own picture: none, bandwidth, cpu or other. */
  readonly limitation: string | undefined;
  /** 0 is the smallest size. */
  readonly currentSpatialLayer: number | undefined;
  readonly preferredSpatialLayer: number | undefined;
  readonly currentTemporalLayer: number | undefined;
  readonly preferredTemporalLayer: number | undefined;
  /** Of an own picture that is sent in several sizes. Ours. */
  readonly rid: string | undefined;
}

/** What the connection says that carries the streams: the sending one of oneself, the receiving one of others. */
export interface TransportStats {
  /** Both ways, since the last call; 0 at the first. In kbit/s. */
  readonly bitrate: number;
  readonly rtt: number | undefined;
  readonly network: string | undefined;
  /** udp or tcp. */
  readonly protocol: string | undefined;
  /** What the browser thinks that the way to the server carries, in kbit/s. */
  readonly availableBitrate: number | undefined;
  readonly totalPackets: number;
  readonly packetsLost: number;
}

/** A camera, microphone or loudspeaker. `label` is "" until the user has allowed the page to use such a device. */
export interface DeviceInfo {
  readonly deviceId: string;
  readonly groupId: string;
  readonly kind: MediaDeviceKind;
  readonly label: string;
}

/** A device in use, or chosen for the next time; `label` is "" until it was opened. */
export interface SelectedDevice {
  readonly deviceId: string;
  readonly label: string;
}

/** What `checkPermissions` and `requestPermission` are asked about. */
export type PermissionKind = "audio" | "video" | "audio_video";

/** Options of `createMicrophoneAudioTrack`. */
export interface MicrophoneTrackOptions {
  microphoneId?: string;
  /** Default speech_standard, 24 kbit/s. */
  encoderConfig?: AudioPreset;
  /** Default all on for speech, all off for music. */
  noiseConfig?: { noiseSuppression?: boolean; echoCancellation?: boolean; autoGainControl?: boolean };
}

/** Options of `createCameraVideoTrack`. */
export interface CameraTrackOptions {
  cameraId?: string;
  /** Used where no cameraId is given: phones have two. */
  facingMode?: "user" | "front" | "environment";
  /** Default h720p_w1280p. */
  encoderConfig?: CameraPreset;
  /** Whether to keep the picture sharp or the movement smooth when bandwidth is short. Default motion. */
  optimizationMode?: "motion" | "text" | "detail";
  bitrateMode?: BitrateMode;
  /** Default VP8. VP9 and AV1 are sent in layers of one stream where the browser can. */
  codec?: VideoCodec;
  /** Default that of `initMeeting`. */
  multiStream?: boolean;
  /** Default that of `initMeeting`. */
  maxLayer?: 2 | 3;
}

/** Options of `createScreenShareVideoTrack`. */
export interface ScreenShareTrackOptions {
  /** Default h720p_15fps. */
  encoderConfig?: SharePreset;
  /** Default text. */
  optimizationMode?: "motion" | "text" | "detail";
  /** Default enable: sound of the tab or system, where the browser can. */
  withAudio?: "enable" | "disable";
  /** Default VP8. */
  codec?: VideoCodec;
  /** Two sizes. Default that of `initMeeting`. */
  multiStream?: boolean;
}

/** Which of a camera preset's three rates is used. Default balanced. */
export type BitrateMode = "bandwidth_optimized" | "balanced" | "high_quality";

export type AudioPreset =
  | "speech_low_quality"
  | "speech_standard"
  | "music_standard"
  | "standard_stereo"
  | "high_quality"
  | "high_quality_stereo";

export type CameraPreset =
  | "h90p_w160p"
  | "h180p_w320p"
  | "h360p_w640p"
  | "h540p_w960p"
  | "h720p_w1280p"
  | "h1080p_w1920p"
  | "h1440p_w2560p"
  | "h2160p_w3840p";

export type SharePreset = "h360p_30fps" | "h720p_5fps" | "h720p_15fps" | "h1080p_15fps" | "h1080p_30fps";
