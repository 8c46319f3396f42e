// The messages of the signaling protocol, version 1: how the bytes look. docs/protocol.md describes them.

import {
  boolean,
  type Check,
  type Checked,
  fallback,
  list,
  number,
  object,
  oneOf,
  optional,
  record,
  string,
} from "./check.js";
import type { Fault } from "./faults.gen.js";
import type { DisplaySurface } from "./types.js";

export const PROTOCOL_VERSION = 1;

const kind = oneOf("audio", "video", "share", "shareAudio");
const mode = oneOf("SEND_AND_RECV", "RECV_ONLY", "SIGNALLING_ONLY");
const leaveReason = object({ code: number, name: string });
const pinState = object({ cam: boolean, share: boolean });

const faultFields = object({
  code: number,
  name: string,
  message: string,
  reason: string,
  detail: string,
  remedy: string,
  param: optional(string),
  details: optional(record),
  fatal: boolean,
  retryable: boolean,
  retryAfterMs: fallback(number, 0),
  id: string,
  causeId: fallback(string, ""),
  at: string,
  docs: fallback(string, ""),
  consoleUrl: fallback(string, ""),
  meetingId: fallback(string, ""),
  sessionId: fallback(string, ""),
  participantId: fallback(string, ""),
});

/** A fault as sent. A newer server may know codes that the type `Fault` does not list; they pass. */
export const fault: Check<Fault> = (v, at) => {
  const { param, details, ...rest } = faultFields(v, at);
  return { ...rest, ...(param !== undefined && { param }), ...(details && { details }) } as Fault;
};

const displaySurfaces = ["monitor", "window", "browser"] as const;
/** A surface that is not known, of a newer browser or server, is none: no stream fails for it. */
export const displaySurface: Check<DisplaySurface | undefined> = (v) => displaySurfaces.find((known) => known === v);
const stream = object({ id: string, kind, codec: string, displaySurface });
export type WireStream = Checked<typeof stream>;

const connectionState = oneOf("CONNECTED", "RECONNECTING");

const participant = object({
  id: string,
  displayName: string,
  mode,
  metaData: optional(record),
  streams: list(stream),
  joinedAt: string,
  connectionState: optional(connectionState),
});
type CheckedParticipant = Checked<typeof participant>;
export type WireParticipant = Omit<CheckedParticipant, "connectionState"> &
  Partial<Pick<CheckedParticipant, "connectionState">>;

const pinChanged = object({ participantId: string, state: pinState, pinnedBy: string });
const entryRequested = object({ participantId: string, name: string, metaData: optional(record) });

const recordingState = object({
  status: oneOf("", "RECORDING_STARTING", "RECORDING_STARTED", "RECORDING_STOPPING", "RECORDING_STOPPED"),
  fileUrl: optional(string),
});
const livestreamState = object({
  status: oneOf("", "LIVESTREAM_STARTING", "LIVESTREAM_STARTED", "LIVESTREAM_STOPPING", "LIVESTREAM_STOPPED"),
});
const hlsState = object({
  status: oneOf("", "HLS_STARTING", "HLS_STARTED", "HLS_PLAYABLE", "HLS_STOPPING", "HLS_STOPPED"),
  playbackHlsUrl: fallback(string, ""),
  livestreamUrl: fallback(string, ""),
  downstreamUrl: fallback(string, ""),
});

const iceServers = list(object({ urls: list(string), username: optional(string), credential: optional(string) }));
export type ICEServers = Checked<typeof iceServers>;

const restrictions = object({ audio: boolean, video: boolean, share: boolean, chat: boolean });
const unrestricted = { audio: false, video: false, share: false, chat: false };

const welcome = object({
  participant,
  participants: list(participant),
  permissions: list(string),
  activeSpeakerId: fallback(string, ""),
  presenterId: fallback(string, ""),
  pins: list(pinChanged),
  entries: list(entryRequested),
  startedAt: string,
  serverTime: string,
  egress: object({ recording: recordingState, livestream: livestreamState, hls: hlsState }),
  iceServers,
  dataStarted: fallback(boolean, false),
  locked: fallback(boolean, false),
  restrictions: fallback(restrictions, unrestricted),
});
export type Welcome = Checked<typeof welcome>;

export const joinResult = object({
  state: oneOf("joined", "waiting"),
  meetingId: string,
  sessionId: string,
  participantId: string,
  secret: string,
  resumeWindowMs: number,
  pingIntervalMs: number,
  statsIntervalMs: fallback(number, 0),
  tokenLeewayMs: fallback(number, 60_000),
  welcome: optional(welcome),
});
export type JoinResult = Checked<typeof joinResult>;

/** With `welcome` another node goes on with the session, in that state. */
export const resumeResult = object({ seq: number, secret: string, welcome: optional(welcome) });
export const publishResult = object({ sdp: string, streams: list(stream) });

const message = object({
  id: string,
  topic: string,
  message: string,
  senderId: string,
  senderName: string,
  timestamp: string,
  payload: optional(record),
  private: fallback(boolean, false),
  sendOnly: optional(list(string)),
  object: fallback(boolean, false),
});
export type WireMessage = Checked<typeof message>;
const nullable = optional(string);
export const storedValue = object({ value: nullable, updatedBy: fallback(string, "") });
export const publishMessageResult = object({ id: string, timestamp: string });
export const subscribeTopicResult = object({ messages: list(message) });

const subscribeOffer = object({
  offerId: number,
  sdp: string,
  streams: list(object({ mid: string, participantId: string, kind, streamId: string })),
});
export type SubscribeOffer = Checked<typeof subscribeOffer>;

const quality = oneOf("low", "med", "high");
const streamState = object({
  participantId: string,
  kind,
  streamId: string,
  state: oneOf("active", "paused"),
  reason: optional(oneOf("bandwidth", "requested")),
  quality: optional(quality),
  width: fallback(number, 0),
  height: fallback(number, 0),
});
export type WireStreamState = Checked<typeof streamState>;

const aboutParticipant = object({ participantId: string });

/** Events by name. One that is not here is of a newer server, and is counted and dropped. */
export const events = {
  "meeting-joined": object({ welcome }),
  "meeting-left": object({ reason: leaveReason, fault: optional(fault) }),
  "participant-joined": object({ participant }),
  "participant-left": object({ participantId: string, reason: leaveReason }),
  "participant-mode-changed": object({ participantId: string, mode }),
  "participant-connection-changed": object({
    participantId: string,
    state: connectionState,
    lost: optional(oneOf("signaling", "media")),
  }),
  "stream-enabled": object({ participantId: string, stream }),
  "stream-disabled": object({ participantId: string, stream, by: fallback(string, "") }),
  "speaker-changed": aboutParticipant,
  "presenter-changed": aboutParticipant,
  "entry-requested": entryRequested,
  "entry-responded": object({ participantId: string, decision: oneOf("allowed", "denied"), by: string }),
  "entry-withdrawn": aboutParticipant,
  "entry-pending": object({ waitedMs: number, hosts: number }),
  "mic-requested": aboutParticipant,
  "webcam-requested": aboutParticipant,
  "pin-state-changed": pinChanged,
  "lock-changed": object({ locked: boolean, by: fallback(string, "") }),
  "restrictions-changed": object({ restrictions, by: fallback(string, "") }),
  "pubsub-message": message,
  "store-value-changed": object({ key: string, value: nullable, updatedBy: string }),
  "data-started": object({}),
  "subscribe-offer": subscribeOffer,
  "ice-servers-changed": object({ iceServers }),
  "stream-state": streamState,
  encodings: object({ kind, active: list(object({ rid: string, active: boolean })) }),
  "codec-not-received": object({ participantId: string, kind, codec: string, taken: list(string) }),
  "quality-limitation": object({
    type: oneOf("bandwidth", "congestion"),
    state: oneOf("detected", "resolved"),
    timestamp: string,
  }),
  "recording-state-changed": recordingState,
  "livestream-state-changed": livestreamState,
  "hls-state-changed": hlsState,
  error: object({ fault }),
  "fault-cleared": object({ id: string, code: number, reason: string, forMs: number }),
} satisfies Record<string, Check<unknown>>;

/** An event with its data, as a union over the names. */
export type WireEvent = {
  [N in keyof typeof events]: { readonly name: N; readonly data: Checked<(typeof events)[N]> };
}[keyof typeof events];

/** Checks an event's data; undefined for a name this version does not know. */
export function readEvent(name: string, data: unknown): WireEvent | undefined {
  if (!Object.hasOwn(events, name)) return undefined;
  return { name, data: events[name as keyof typeof events](data, name) } as WireEvent;
}

/** A frame of the server: the answer to a request, or an event. */
export type Frame =
  | { readonly type: "result"; readonly id: number; readonly result: unknown }
  | { readonly type: "refusal"; readonly id: number | undefined; readonly fault: Fault }
  | { readonly type: "event"; readonly seq: number; readonly name: string; readonly data: unknown };

const notification = object({ seq: number, name: string });
const refusal = object({ data: fault });

/** Reads a frame, or throws SyntaxError or WireError. */
export function readFrame(text: string): Frame {
  const frame = record(JSON.parse(text), "frame");
  if (frame["method"] !== undefined) {
    const params = record(frame["params"], "params");
    return { type: "event", ...notification(params, "params"), data: params["data"] };
  }
  if (frame["error"] !== undefined) {
    return { type: "refusal", id: optional(number)(frame["id"], "id"), fault: refusal(frame["error"], "error").data };
  }
  return { type: "result", id: number(frame["id"], "id"), result: frame["result"] };
}
