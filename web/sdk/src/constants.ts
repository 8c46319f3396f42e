// The maps of constants of the published API, each both a value and the type of what is in it.

import * as codes from "./codes.gen.js";

type ValueOf<T> = T[keyof T];

/** States of `recording-state-changed`. */
export const recordingEvents = {
  RECORDING_STARTING: "RECORDING_STARTING",
  RECORDING_STARTED: "RECORDING_STARTED",
  RECORDING_STOPPING: "RECORDING_STOPPING",
  RECORDING_STOPPED: "RECORDING_STOPPED",
} as const;
export type recordingEvents = ValueOf<typeof recordingEvents>;

/** States of `livestream-state-changed`. */
export const livestreamEvents = {
  LIVESTREAM_STARTING: "LIVESTREAM_STARTING",
  LIVESTREAM_STARTED: "LIVESTREAM_STARTED",
  LIVESTREAM_STOPPING: "LIVESTREAM_STOPPING",
  LIVESTREAM_STOPPED: "LIVESTREAM_STOPPED",
} as const;
export type livestreamEvents = ValueOf<typeof livestreamEvents>;

/** States of `hls-state-changed`. */
export const hlsEvents = {
  HLS_STARTING: "HLS_STARTING",
  HLS_STARTED: "HLS_STARTED",
  HLS_PLAYABLE: "HLS_PLAYABLE",
  HLS_STOPPING: "HLS_STOPPING",
  HLS_STOPPED: "HLS_STOPPED",
} as const;
export type hlsEvents = ValueOf<typeof hlsEvents>;

/** States of transcription, which Klatch does not offer. */
export const transcriptionEvents = {
  TRANSCRIPTION_STARTING: "TRANSCRIPTION_STARTING",
  TRANSCRIPTION_STARTED: "TRANSCRIPTION_STARTED",
  TRANSCRIPTION_STOPPING: "TRANSCRIPTION_STOPPING",
  TRANSCRIPTION_STOPPED: "TRANSCRIPTION_STOPPED",
} as const;
export type transcriptionEvents = ValueOf<typeof transcriptionEvents>;

/** States of translation, which Klatch does not offer. */
export const translationEvents = {
  TRANSLATION_STARTING: "TRANSLATION_STARTING",
  TRANSLATION_STARTED: "TRANSLATION_STARTED",
  TRANSLATION_STOPPING: "TRANSLATION_STOPPING",
  TRANSLATION_STOPPED: "TRANSLATION_STOPPED",
} as const;
export type translationEvents = ValueOf<typeof translationEvents>;

/** What a participant may do with media. CONFERENCE and VIEWER are old names of SEND_AND_RECV and SIGNALLING_ONLY. */
export const modes = {
  CONFERENCE: "CONFERENCE",
  VIEWER: "VIEWER",
  SEND_AND_RECV: "SEND_AND_RECV",
  SIGNALLING_ONLY: "SIGNALLING_ONLY",
  RECV_ONLY: "RECV_ONLY",
} as const;
export type modes = ValueOf<typeof modes>;

/** What `checkPermissions` and `requestPermission` are asked about. */
export const Permission = { AUDIO: "audio", VIDEO: "video", AUDIO_AND_VIDEO: "audio_video" } as const;
export type Permission = ValueOf<typeof Permission>;

/** Codes of why a participant left. */
export const leaveReason = {
  WEBSOCKET_DISCONNECTED: 1001,
  REMOVE_PEER: 1002,
  REMOVE_PEER_VIEWER_MODE_CHANGED: 1003,
  REMOVE_PEER_MEDIA_RELAY_STOP: 1004,
  SWITCH_ROOM: 1005,
  ROOM_CLOSE: 1006,
  UNKNOWN: 1007,
  REMOVE_ALL: 1008,
  MEETING_END_API: 1009,
  REMOVE_PEER_API: 1010,
  DUPLICATE_PARTICIPANT: 1011,
  MANUAL_LEAVE_CALLED: 1101,
  WEBSOCKET_CONNECTION_ATTEMPTS_EXHAUSTED: 1102,
  JOIN_ROOM_FAILED: 1103,
  SWITCH_ROOM_FAILED: 1104,
} as const;
export type leaveReason = ValueOf<typeof leaveReason>;

/** Which of a camera preset's three rates is used. */
export const BitrateMode = {
  HIGH_QUALITY: "high_quality",
  BALANCED: "balanced",
  BANDWIDTH_OPTIMIZED: "bandwidth_optimized",
} as const;
export type BitrateMode = ValueOf<typeof BitrateMode>;

/** How `send` delivers. */
export const reliabilityMode = { RELIABLE: "RELIABLE", UNRELIABLE: "UNRELIABLE" } as const;
export type reliabilityMode = ValueOf<typeof reliabilityMode>;

/** How much the SDK writes to the console: each level includes those before it. */
export const LogLevel = {
  NONE: "NONE",
  ERROR: "ERROR",
  WARN: "WARN",
  INFO: "INFO",
  DEBUG: "DEBUG",
  ALL: "ALL",
} as const;
export type LogLevel = ValueOf<typeof LogLevel>;

/** States of agents, which Klatch does not offer. */
export const AgentState = {
  IDLE: "idle",
  LISTENING: "listening",
  THINKING: "thinking",
  SPEAKING: "speaking",
} as const;
export type AgentState = ValueOf<typeof AgentState>;

/** States of characters, which Klatch does not offer. */
export const CharacterState = {
  CHARACTER_SPEAKING: "CHARACTER_SPEAKING",
  CHARACTER_THINKING: "CHARACTER_THINKING",
  CHARACTER_LISTENING: "CHARACTER_LISTENING",
} as const;
export type CharacterState = ValueOf<typeof CharacterState>;

/** Modes of characters, which Klatch does not offer. */
export const CharacterMode = {
  TEXT: "text",
  CO_PILOT: "co_pilot",
  AUTO_PILOT: "auto_pilot",
  VISION_PILOT: "vision_pilot",
} as const;
export type CharacterMode = ValueOf<typeof CharacterMode>;

/** What happens to messages of a topic that arrive faster than they are taken. */
export const RealtimeOverflow = { DROP: "drop", QUEUE: "queue" } as const;
export type RealtimeOverflow = ValueOf<typeof RealtimeOverflow>;

/** What a camera or screen can be encoded with. */
export const VideoCodec = { VP8: "VP8", VP9: "VP9", AV1: "AV1", H264: "H264" } as const;
export type VideoCodec = ValueOf<typeof VideoCodec>;

/** All of them: `VideoSDK.Constants`. */
export const Constants = {
  errors: codes,
  recordingEvents,
  livestreamEvents,
  hlsEvents,
  transcriptionEvents,
  translationEvents,
  modes,
  permission: Permission,
  reliabilityMode,
  leaveReason,
  BitrateMode,
  LogLevel,
  AgentState,
  characterState: CharacterState,
  characterMode: CharacterMode,
  VideoCodec,
  RealtimeOverflow,
} as const;
