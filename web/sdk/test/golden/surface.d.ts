// index.d.ts

export { VideoSDK } from "./videosdk.js";
export { Meeting } from "./meeting.js";
export { Participant } from "./participant.js";
export { Stream } from "./stream.js";
export { PubSub } from "./pubsub.js";
export { VideoSDKError } from "./fault.js";
export { VideoSDKErrors } from "./faults.gen.js";
export type { ErrorInfo, Fault, FaultCode, FaultFields, FaultName, FaultOf } from "./faults.gen.js";
export type { Unsubscribe } from "./emitter.js";
export type { AudioPreset, BitrateMode, CameraPreset, CameraTrackOptions, CustomTrack, Decision, DeviceInfo, EntryRequest, LeaveReason, MeetingEvents, MeetingOptions, MeetingState, MetaData, MicrophoneTrackOptions, Mode, ModeName, ParticipantEvents, PermissionKind, PinState, PinType, PublishOptions, PubSubMessage, ScreenShareTrackOptions, SelectedDevice, ServerOptions, SharePreset, StreamKind, StreamRequest, StreamStats, SubscribeOptions, TopicListeners, } from "./types.js";

// videosdk.d.ts

import type { Unsubscribe } from "./emitter.js";
import { Meeting } from "./meeting.js";
import type { CameraTrackOptions, DeviceInfo, MeetingOptions, MicrophoneTrackOptions, PermissionKind, ScreenShareTrackOptions, ServerOptions } from "./types.js";
/** The entry: a token, then a meeting. */
export declare class VideoSDK {
    /** Sets the token, and the server, of meetings made from now on. */
    static config(newToken: string, options?: ServerOptions): void;
    /** Makes a meeting; nothing goes over the wire until join(). Throws 3073 for an option of a wrong type. */
    static initMeeting(options: MeetingOptions): Meeting;
    static createCameraVideoTrack(options?: CameraTrackOptions): Promise<MediaStream>;
    static createMicrophoneAudioTrack(options?: MicrophoneTrackOptions): Promise<MediaStream>;
    static createScreenShareVideoTrack(options?: ScreenShareTrackOptions): Promise<MediaStream>;
    /** Cameras, microphones and loudspeakers. */
    static getDevices(): Promise<DeviceInfo[]>;
    static getCameras(): Promise<DeviceInfo[]>;
    static getMicrophones(): Promise<DeviceInfo[]>;
    static getPlaybackDevices(): Promise<DeviceInfo[]>;
    /** Fires with the new list when a device comes or goes. */
    static on(event: "device-changed", listener: (devices: readonly DeviceInfo[]) => void): Unsubscribe;
    static off(event: "device-changed", listener?: (devices: readonly DeviceInfo[]) => void): void;
    /** Whether the page may use them now, without asking: keys "audio" and "video". */
    static checkPermissions(kind?: PermissionKind): Promise<Map<string, boolean>>;
    /** Asks the user. A refusal is `false`; no device, a busy one or a policy rejects with its fault. */
    static requestPermission(kind?: PermissionKind): Promise<Map<string, boolean>>;
}

// meeting.d.ts

import { Emitter } from "./emitter.js";
import { Participant } from "./participant.js";
import { PubSub } from "./pubsub.js";
import type { CustomTrack, Decision, DeviceInfo, MeetingEvents, MeetingState, ModeName, PinState, SelectedDevice } from "./types.js";
/**
 * A meeting, from `initMeeting` to leaving; it is used once. Everything that fails fires `error`, once, with its
 * fault; a call that was waiting rejects with the same object. Where an `error` listener is there, a rejected call
 * that nobody awaits is not reported again by the browser.
 */
export declare class Meeting extends Emitter<MeetingEvents> {
    #private;
    readonly localParticipant: Participant;
    /** The others, by id. */
    readonly participants: ReadonlyMap<string, Participant>;
    readonly pinnedParticipants: ReadonlyMap<string, PinState>;
    readonly pubSub: PubSub;
    get id(): string;
    /** Of this occurrence of the meeting; "" before it was joined. Ours. */
    get sessionId(): string;
    /** When the session began, RFC 3339; "" before the meeting was joined. Ours. */
    get startedAt(): string;
    get state(): MeetingState;
    /** What the token and the account allow here, such as allow_join and allow_mod. Ours. */
    get permissions(): readonly string[];
    get activeSpeakerId(): string | null;
    get activePresenterId(): string | null;
    /** Whom a page shows large: the presenter, else who spoke last, else the one who was there first. */
    get mainParticipantId(): string | null;
    get selectedCameraDevice(): SelectedDevice | undefined;
    get selectedMicrophoneDevice(): SelectedDevice | undefined;
    /**
     * Joins. Resolves when in the meeting: with `ask_join` after somebody inside has answered, until then
     * `entry-pending` fires every 10 s. Microphone and camera, if asked for, start after it.
     */
    join(options?: {
        signal?: AbortSignal;
    }): Promise<void>;
    /** Leaves; also while joining or waiting in the lobby, where join() then rejects with 3056. */
    leave(): Promise<void>;
    /** Ends the session for everybody. */
    end(): Promise<void>;
    changeMode(mode: ModeName): Promise<void>;
    /** Answers somebody who knocks; needs allow_join. */
    respondEntry(participantId: string, decision: Decision): Promise<void>;
    unmuteMic(track?: CustomTrack): Promise<void>;
    /** Mutes at once; while reconnecting the server learns it afterwards. */
    muteMic(): Promise<void>;
    enableWebcam(track?: CustomTrack): Promise<void>;
    disableWebcam(): Promise<void>;
    /** Asks the user what to share, or shares a stream of one's own. Call it from a click: browsers insist. */
    enableScreenShare(track?: CustomTrack): Promise<void>;
    disableScreenShare(): Promise<void>;
    /** Uses another microphone: a device id, or a track of one's own. While muted: from the next unmute on. */
    changeMic(device: string | CustomTrack): Promise<void>;
    /** Uses another camera: a device id, or a track of one's own. While off: from the next time on. */
    changeWebcam(device: string | CustomTrack): Promise<void>;
    replaceWebcamStream(track: CustomTrack): Promise<void>;
    getMics(): Promise<DeviceInfo[]>;
    getWebcams(): Promise<DeviceInfo[]>;
}

// participant.d.ts

import { Emitter } from "./emitter.js";
import { Stream } from "./stream.js";
import type { MetaData, Mode, ParticipantEvents, PinState, PinType, StreamKind, StreamStats } from "./types.js";
/** A participant of the meeting: oneself or somebody else. */
export declare class Participant extends Emitter<ParticipantEvents> {
    #private;
    /** Oneself: `meeting.localParticipant`. */
    readonly local: boolean;
    /** Streams whose media is here, by stream id. */
    readonly streams: ReadonlyMap<string, Stream>;
    /** Of oneself it is "" until the server has given one, where none was asked for. */
    get id(): string;
    get displayName(): string;
    get mode(): Mode;
    get metaData(): MetaData | undefined;
    get pinState(): PinState;
    get isLocal(): boolean;
    get micOn(): boolean;
    get webcamOn(): boolean;
    get screenShareOn(): boolean;
    get screenShareAudioOn(): boolean;
    /** The stream of a kind, if its media is here. Ours. */
    stream(kind: StreamKind): Stream | undefined;
    /** Asks the participant to unmute: `mic-requested` fires there. Of oneself: unmutes. */
    enableMic(): Promise<void>;
    /** Mutes the participant at once. */
    disableMic(): Promise<void>;
    /** Asks the participant to switch the camera on. Of oneself: switches it on. */
    enableWebcam(): Promise<void>;
    /** Switches the participant's camera off at once. */
    disableWebcam(): Promise<void>;
    /** Removes the participant from the meeting. */
    remove(): Promise<void>;
    /** Pins for everybody. Default SHARE_AND_CAM. */
    pin(type?: PinType): Promise<void>;
    unpin(type?: PinType): Promise<void>;
    /** Receives the microphone: with `autoConsume: false`, or after stopConsumingMicStreams. */
    consumeMicStreams(): Promise<void>;
    consumeWebcamStreams(): Promise<void>;
    stopConsumingMicStreams(): Promise<void>;
    stopConsumingWebcamStreams(): Promise<void>;
    /** The present camera picture as a data URL (PNG), at its own size unless told. Rejects with 3073 while there is none. */
    captureImage(size?: {
        width?: number;
        height?: number;
    }): Promise<string>;
    /** Empty while no such stream is sent or received. */
    getVideoStats(): Promise<readonly StreamStats[]>;
    getAudioStats(): Promise<readonly StreamStats[]>;
    getShareStats(): Promise<readonly StreamStats[]>;
    getShareAudioStats(): Promise<readonly StreamStats[]>;
}

// stream.d.ts

import type { StreamKind } from "./types.js";
/** One medium of a participant, while its media is here. */
export declare class Stream {
    #private;
    /** Stable while the participant is in the session. */
    readonly id: string;
    readonly kind: StreamKind;
    /** VP8, H264, VP9, AV1 or opus. */
    readonly codec: string;
    /** Play it with `element.srcObject = new MediaStream([stream.track])`. Another one after `stream-enabled`. */
    get track(): MediaStreamTrack;
    /** pause() was called here. */
    get paused(): boolean;
    /** monitor, window or browser; of an own share. */
    get displaySurface(): string | undefined;
    /** Stops receiving a remote stream; its publisher and the others notice nothing. */
    pause(): Promise<void>;
    /** Receives it again: `stream-enabled` fires when the media is back. */
    resume(): Promise<void>;
}

// pubsub.d.ts

import type { MetaData, PublishOptions, PubSubMessage, SubscribeOptions, TopicListeners } from "./types.js";
/** A listener of a topic: the published object, or one function for new messages. */
export type TopicListener = TopicListeners | ((message: PubSubMessage) => void);
/** Messages by topic. A topic is subscribed at the server while somebody listens here. */
export declare class PubSub {
    #private;
    /** Sends to everybody who subscribed, oneself included; message and payload together up to 16 KiB. */
    publish(topic: string, message: string, options?: PublishOptions, payload?: MetaData): Promise<void>;
    /** Listens to a topic. Resolves with the persisted messages, oldest first; `onOldMessagesReceived` gets them too. */
    subscribe(topic: string, listener: TopicListener, options?: SubscribeOptions): Promise<readonly PubSubMessage[]>;
    /** Stops one listener; without one, all of that topic. */
    unsubscribe(topic: string, listener?: TopicListener): Promise<void>;
}

// emitter.d.ts

/** A listener's undo: call it to stop listening. */
export type Unsubscribe = () => void;
type Listener<Args extends unknown[]> = (...args: Args) => void;
/**
 * Emitter delivers events to listeners in the order they were added. `Events` maps a name to the tuple of the
 * listener's arguments. A listener that throws harms nobody else: what it threw is reported to the page as an
 * uncaught error of its own.
 */
export declare class Emitter<Events extends {
    [Name in keyof Events]: unknown[];
}> {
    #private;
    /** Adds a listener and returns its undo. Adding one twice calls it twice. */
    on<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): Unsubscribe;
    /** Adds a listener for the next such event only. */
    once<Name extends keyof Events>(event: Name, listener: Listener<Events[Name]>): Unsubscribe;
    /** Removes a listener; without one, all of that event. */
    off<Name extends keyof Events>(event: Name, listener?: Listener<Events[Name]>): void;
}
/** Hands over what was thrown to window.onerror and the console, with its own stack. */
export declare function uncaught(thrown: unknown): void;
export {};

// fault.d.ts

import { type Fault, type FaultContext, faults } from "./faults.gen.js";
declare class FaultError extends Error {
    /** The fault as a plain object, as it travels. */
    toJSON(): Fault;
}
/**
 * A fault as it is thrown, rejected with and given to `error` listeners: an Error with the fields of `Fault`.
 * It is a union: a check of `code` (and `reason`) narrows `details`.
 */
export type VideoSDKError = FaultError & Fault;
/** What `VideoSDKError` is as a value: a class, for `instanceof`. */
export interface VideoSDKErrorConstructor {
    readonly prototype: VideoSDKError;
}
/** Class of all errors the SDK throws or rejects with. */
export declare const VideoSDKError: VideoSDKErrorConstructor;
export { type Fault, type FaultContext, faults };

// types.d.ts

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
 * is gone and being restored; media may still flow. FAILED: a fatal fault ended the meeting or kept us out.
 */
export type MeetingState = "DISCONNECTED" | "CONNECTING" | "CONNECTED" | "RECONNECTING" | "FAILED";
/** Answer to somebody who knocks. */
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
    /** Accepted for compatibility; one layer is sent at present. */
    multiStream?: boolean;
    /** Published name of `serverUrl`; `host[:port]` or an address. */
    signalingBaseUrl?: string;
}
/** Somebody knocks: answer with `allow()` or `deny()`. */
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
/** Events of a `Meeting`: name to the arguments of the listener. */
export interface MeetingEvents {
    "meeting-joined": [];
    "meeting-left": [reason: LeaveReason];
    "meeting-state-changed": [change: {
        readonly state: MeetingState;
    }];
    "participant-joined": [participant: Participant];
    "participant-left": [participant: Participant, reason: LeaveReason];
    "participant-mode-changed": [change: {
        readonly participantId: string;
        readonly mode: Mode;
    }];
    "speaker-changed": [participantId: string | null];
    "presenter-changed": [participantId: string | null];
    "main-participant-changed": [participant: Participant];
    /** Only to holders of `allow_join`. */
    "entry-requested": [request: EntryRequest];
    /** To holders of `allow_join` and to the one who knocked. */
    "entry-responded": [participantId: string, decision: Decision];
    /** The one who knocked is gone or waited too long. Ours. */
    "entry-withdrawn": [participantId: string];
    /** While waiting in the lobby, every 10 s. `hosts` is how many could answer. Ours. */
    "entry-pending": [wait: {
        readonly waitedMs: number;
        readonly hosts: number;
    }];
    "mic-requested": [request: StreamRequest];
    "webcam-requested": [request: StreamRequest];
    "pin-state-changed": [
        change: {
            readonly participantId: string;
            /** Same as participantId, under the name the published JavaScript docs use. */
            readonly peerId: string;
            readonly state: PinState;
            readonly pinnedBy: string;
        }
    ];
    /** Every failure, once; a call that waits rejects with the same object. */
    error: [fault: VideoSDKError];
}
/** Events of a `Participant`. */
export interface ParticipantEvents {
    /** Media is here: `stream.track` can be played. */
    "stream-enabled": [stream: Stream];
    "stream-disabled": [stream: Stream];
    /** The participant switched a stream, whether or not it is received here. */
    "media-status-changed": [change: {
        readonly kind: StreamKind;
        readonly newStatus: boolean;
    }];
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
    readonly payload: MetaData | undefined;
}
/** Options of `pubSub.publish`. */
export interface PublishOptions {
    /** Keep it for the session and give it to later subscribers. Default false. */
    persist?: boolean;
    /** Participant ids; absent or empty: everybody. */
    sendOnly?: readonly string[];
}
/** Options of `pubSub.subscribe`. */
export interface SubscribeOptions {
    /** How many persisted messages to get, newest; 0 none. Default all. */
    oldMessageLimit?: number;
}
/** Listeners of `pubSub.subscribe`. */
export interface TopicListeners {
    onMessageReceived(message: PubSubMessage): void;
    onOldMessagesReceived?(messages: readonly PubSubMessage[], info: {
        readonly isLast: boolean;
    }): void;
}
/** What the transport says about one stream. Absent where the browser does not measure it. */
export interface StreamStats {
    readonly kind: StreamKind;
    /** Since the last call for this stream; 0 at the first. */
    readonly bitrateBps: number;
    readonly rttMs: number | undefined;
    readonly jitterMs: number | undefined;
    readonly packetsLost: number;
    readonly totalPackets: number;
    readonly codec: string | undefined;
    readonly size: {
        readonly width: number;
        readonly height: number;
        readonly framerate: number;
    } | undefined;
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
    noiseConfig?: {
        noiseSuppression?: boolean;
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
    bitrateMode?: BitrateMode;
}
/** Options of `createScreenShareVideoTrack`. */
export interface ScreenShareTrackOptions {
    /** Default h720p_15fps. */
    encoderConfig?: SharePreset;
    /** Default text. */
    optimizationMode?: "motion" | "text" | "detail";
    /** Default enable: sound of the tab or system, where the browser can. */
    withAudio?: "enable" | "disable";
}
/** Which of a camera preset's three rates is used. Default balanced. */
export type BitrateMode = "bandwidth_optimized" | "balanced" | "high_quality";
export type AudioPreset = "speech_low_quality" | "speech_standard" | "music_standard" | "standard_stereo" | "high_quality" | "high_quality_stereo";
export type CameraPreset = "h90p_w160p" | "h180p_w320p" | "h360p_w640p" | "h540p_w960p" | "h720p_w1280p" | "h1080p_w1920p" | "h1440p_w2560p" | "h2160p_w3840p";
export type SharePreset = "h360p_30fps" | "h720p_5fps" | "h720p_15fps" | "h1080p_15fps" | "h1080p_30fps";
