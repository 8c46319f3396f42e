// The words of the public surface that are plain values: options, states, payloads of events.

import type { BitrateMode, VideoCodec } from "./constants.js";
import type { Tracer } from "./tracer.js";

/** What a stream carries. A participant has at most one stream of each kind. */
export type StreamKind = "audio" | "video" | "share" | "shareAudio";

/** What a participant may do with media. */
export type Mode = "SEND_AND_RECV" | "RECV_ONLY" | "SIGNALLING_ONLY";

/** Modes as `initMeeting` and `changeMode` take them: the old names are accepted. */
export type ModeName = Mode | "CONFERENCE" | "VIEWER";

/** Whether the server can reach a participant; one who does not come back in time leaves. */
export type ConnectionState = "CONNECTED" | "RECONNECTING";

/** A change of it, with what is lost: the signaling, or the path of the media alone. */
export interface ConnectionChange {
  readonly state: ConnectionState;
  readonly lost?: "signaling" | "media" | undefined;
}

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

/**
 * Why nothing of a stream is received: `requested` by pause() or pauseAllStreams(), `visibility` by adaptive
 * subscription, `bandwidth` because the connection is too slow, `source` because the publisher sends nothing.
 */
export type PauseReason = "requested" | "visibility" | "bandwidth";

/**
 * How a received picture gets on. active: frames are decoded, for the first time or after stuck; stuck: nothing
 * arrives; freeze-detected: packets arrive and no frame is decoded; freeze-resolved: frames are decoded again; ended:
 * the stream was switched off.
 */
export type StreamState = "active" | "stuck" | "freeze-detected" | "freeze-resolved" | "ended";

/** What a shared picture is a picture of, as the browser that shares it reports. */
export type DisplaySurface = "monitor" | "window" | "browser";

/** Options of `participant.renderVideo`. */
export interface RenderVideoOptions {
  /** Default video, the camera. */
  type?: "video" | "share";
  /**
   * The best size that is received. auto, the default, follows the size of the element; the server lowers it where the
   * connection is too slow. Without effect on an own picture, which is not received.
   */
  maxQuality?: "auto" | Quality;
  /** CSS of the `<video>` element. */
  videostyle?: Partial<CSSStyleDeclaration>;
  /** CSS of the `<div>` around it. */
  containerStyle?: Partial<CSSStyleDeclaration>;
}

/** Options of `participant.renderAudio`. */
export interface RenderAudioOptions {
  /** Default audio, the microphone; shareAudio is the sound of the shared screen. */
  type?: "audio" | "shareAudio";
}

/** Size of a captured image in pixels. One of the two alone keeps the shape of the picture. */
export interface CaptureOptions {
  width?: number;
  height?: number;
}

/** Answer to somebody who asks to enter. */
export type Decision = "allowed" | "denied";
/** What `respondEntry` takes: the React declarations have true for allowed and false for denied. */
export type GivenDecision = Decision | boolean;

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

/** A plain object that travels as JSON. Its values are any: an interface of the application can be given for it. */
export type MetaData = Readonly<Record<string, any>>;

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
  /** Without whitespace. Absent: that of the token, or one that the SDK makes. */
  participantId?: string;
  /** Display name, up to 256 bytes. */
  name?: string;
  /** Unmute on joining. Default false. */
  micEnabled?: boolean;
  /** Switch the camera on when joining. Default false. */
  webcamEnabled?: boolean;
  /** Default SEND_AND_RECV. */
  mode?: ModeName;
  /** A plain object, shown to the others; up to 4 KiB as JSON. */
  metaData?: object;
  /** Receive every stream without asking. Default true. */
  autoConsume?: boolean;
  /** Of the app's own trace (W3C Trace Context), which the spans of the server continue. */
  traceparent?: string;
  /** Of OpenTelemetry, `trace.getTracer(…)`: makes spans of joins, of what is sent, recorded and streamed. Ours. */
  tracer?: Tracer;
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
  /**
   * The camera that is used where none is chosen, on devices with two: `user` or `front` looks at the user,
   * `environment`, `enviornment` (as the published docs spell it) or `back` away.
   */
  defaultCamera?: "user" | "front" | "environment" | "enviornment" | "back";
  /** Send VP8 instead of another codec that somebody in the meeting cannot decode. Default true. */
  codecSwitchEnabled?: boolean;
  /**
   * Send the faults that only this client knows to the server, which shows them in its timeline. `false` keeps them
   * here. Default true.
   */
  debugMode?: boolean;
  /** Refused with 3105: Klatch has no PubSub worker, so no script of one is needed. */
  pubsubWorkerUrl?: string;
}

/** Options of `switchTo`. */
export interface SwitchOptions {
  meetingId: string;
  /** For the other meeting. Default: the token of this one. */
  token?: string | undefined;
}

/** Somebody asks to enter: answer with `allow()` or `deny()`. */
export interface EntryRequest {
  readonly participantId: string;
  readonly name: string;
  readonly metaData: MetaData | undefined;
  allow(): Promise<void>;
  deny(): Promise<void>;
}

/** True for what participants of a meeting may not do. */
export interface Restrictions {
  /** Switch on the microphone. */
  readonly audio: boolean;
  /** Switch on the camera. */
  readonly video: boolean;
  /** Share the screen. */
  readonly share: boolean;
  /** Publish to the topic CHAT. */
  readonly chat: boolean;
}

/** A moderator asks for the microphone or camera. */
export interface StreamRequest {
  readonly participantId: string;
  /** Switches it on. */
  accept(): Promise<void>;
  /** Does nothing on the wire; it is there so that the handler reads well. */
  reject(): void;
}

/** State of the meeting's recording; RECORDING_STOPPED before the first one too. */
export type RecordingState = "RECORDING_STARTING" | "RECORDING_STARTED" | "RECORDING_STOPPING" | "RECORDING_STOPPED";

/** State of the meeting's livestream; LIVESTREAM_STOPPED before the first one too. */
export type LivestreamState =
  "LIVESTREAM_STARTING" | "LIVESTREAM_STARTED" | "LIVESTREAM_STOPPING" | "LIVESTREAM_STOPPED";

/** State of the meeting's HLS; HLS_STOPPED before the first one too. From HLS_PLAYABLE on a player can start. */
export type HlsState = "HLS_STARTING" | "HLS_STARTED" | "HLS_PLAYABLE" | "HLS_STOPPING" | "HLS_STOPPED";

/** Where the HLS can be played: known from HLS_STARTED to HLS_STOPPING, absent otherwise. */
export interface HlsUrls {
  /** From the start; it can still be played there when HLS has stopped. */
  readonly playbackHlsUrl?: string;
  /** The live edge. */
  readonly livestreamUrl?: string;
  /** Old name of playbackHlsUrl. */
  readonly downstreamUrl?: string;
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
  /** Refused with 3105 where it is enabled. */
  transcription?: TranscriptionConfig;
}

/** What is transcribed after the meeting. Klatch does not offer it: what is enabled is refused with 3105. */
export interface TranscriptionConfig {
  enabled: boolean;
  summary?: { enabled: boolean; prompt?: string };
  language?: string;
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
  /** A livestream has picture and sound. */
  mode?: "video-and-audio";
  /** Also write a file. Default off. */
  recording?: { enabled: boolean };
}

/** Config of `startHls`. */
export interface HlsConfig extends CompositionConfig {
  /** Default video-and-audio. */
  mode?: "video-and-audio" | "audio";
  /** Also write a file. Default off. */
  recording?: { enabled: boolean };
}

/** An RTMP target. */
export interface LivestreamOutput {
  /** rtmp:// or rtmps:// */
  url: string;
  /** A secret of the target. */
  streamKey: string;
}

/** Events of a `Stream`; its pictures are only looked at while somebody listens. */
export interface StreamEvents {
  /** Of a received camera or screen; `timestamp` is in ms since 1970. */
  state: [change: { readonly state: StreamState; readonly timestamp: number }];
  /** Same as state. */
  "stream-state-changed": [change: { readonly state: StreamState; readonly timestamp: number }];
}

/** Published name: the listeners of a stream's events. */
export type StreamEvent = { [Name in keyof StreamEvents]?: (...args: StreamEvents[Name]) => void };

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
  /** It was sent to some participants only (`sendOnly`). The server says so. Ours. */
  readonly private?: true;
  /** To whom: of one's own private messages only. Ours. */
  readonly sendOnly?: readonly string[];
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

/** What the transport says about one stream. What a browser does not measure is 0. */
export interface StreamStats {
  readonly kind: StreamKind;
  /** In kbit/s, over about the last second. */
  bitrate: number;
  /** Round-trip time to the server in ms; more than 300 is poor. */
  rtt: number;
  /** In ms. Of an own stream the server measures it: RFC 3550, 6.4.1. */
  jitter: number;
  /** Since the stream began. Of an own stream the server counts them. */
  packetsLost: number;
  /** Sent or received since the stream began. */
  totalPackets: number;
  /** VP8, H264, VP9, AV1 or opus; "" before the first packet. */
  codec: string;
  /** WIFI, ETHERNET, CELLULAR and the like, or UNKNOWN: most browsers do not tell. */
  network: string;
  /** How often missing sound was covered up since the stream began; 0 of a picture and of an own stream. */
  concealmentEvents: number;
  /**
   * Samples that were put in to play slower, or taken out to play faster, while the delay of the network changed; 0 of
   * a picture and of an own stream. The names are the published ones.
   */
  insertedSamplesForDecelaration: number;
  removedSamplesForAccelaration: number;
  /** Null of sound, which has neither; a picture has both. */
  size: PictureSize | null;
  limitation: PictureLimitation | null;
  /** The bit rate in bit/s. Ours. */
  readonly bitrateBps: number;
  /** rtt and jitter; undefined where they are not measured. Ours. */
  readonly rttMs: number | undefined;
  readonly jitterMs: number | undefined;
}

/** Of the last frame; 0 before the first. `framerate` is in frames a second. */
export interface PictureSize {
  width: number;
  height: number;
  framerate: number;
}

/**
 * What limits an own picture: `reason` is none, bandwidth, cpu or other; `durations` is how long each of them did, in
 * s; `resolutionChanges` is how often the size changed for it. Of a received picture: none.
 */
export interface PictureLimitation {
  reason: string;
  durations: Record<string, number>;
  resolutionChanges: number;
}

/** What the transport says about one picture, or one size of an own one. */
export interface PictureStats extends StreamStats {
  size: PictureSize;
  limitation: PictureLimitation;
  /** 0 is the smallest size. Of a received picture: which one the server sends, and which it was asked for. */
  currentSpatialLayer: number;
  preferredSpatialLayer: number;
  /** 0 is the lowest frame rate. Of a received picture it is not known: 0. */
  currentTemporalLayer: number;
  preferredTemporalLayer: number;
  /** Of an own picture that is sent in several sizes. Ours. */
  readonly rid: string | undefined;
  /**
   * Of a received picture, since the stream began: how often it froze and for how long together, and how many frames
   * came and were not shown, because this device was too slow; 0 of an own picture. Ours.
   */
  readonly freezes: number;
  readonly frozenMs: number;
  readonly framesDropped: number;
}

/**
 * What the connections to the server carry, of all streams together. Rates are in kbit/s over about the last second;
 * null where there is no such connection.
 */
export interface TransportStats {
  send: { outgoingBitrate: number | null; totalSentBytes: number | null };
  receive: { incomingBitrate: number | null; totalReceivedBytes: number | null };
  /** Round-trip time to the server in ms; undefined where it is not measured. Ours. */
  readonly rtt: number | undefined;
  /** udp or tcp. Ours. */
  readonly protocol: string | undefined;
  /** What the browser thinks that the way to the server carries, in kbit/s. Ours. */
  readonly availableBitrate: number | undefined;
}

/** Options of `createMicrophoneAudioTrack`. */
export interface MicrophoneTrackOptions {
  microphoneId?: string;
  /** Default speech_standard, 24 kbit/s. */
  encoderConfig?: AudioPreset;
  /** Default all on for speech, all off for music. */
  noiseConfig?: {
    noiseSuppression?: boolean;
    /** Spelled so in the public examples; the same as noiseSuppression. */
    noiseSuppresion?: boolean;
    echoCancellation?: boolean;
    autoGainControl?: boolean;
  };
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
  /** Which of the preset's three rates is used. Default balanced. */
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
  | "h216p_w384p"
  | "h360p_w640p"
  | "h540p_w960p"
  | "h720p_w1280p"
  | "h1080p_w1920p"
  | "h1440p_w2560p"
  | "h2160p_w3840p"
  // 4:3
  | "h120p_w160p"
  | "h180p_w240p"
  | "h240p_w320p"
  | "h360p_w480p"
  | "h480p_w640p"
  | "h540p_w720p"
  | "h720p_w960p"
  | "h1080p_w1440p"
  | "h1440p_w1920p";

export type SharePreset =
  | "h360p_30fps"
  | "h480p_15fps"
  | "h480p_30fps"
  | "h720p_5fps"
  | "h720p_15fps"
  | "h720p_30fps"
  | "h1080p_15fps"
  | "h1080p_30fps";
