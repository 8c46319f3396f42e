import type { EventNames } from "./emitter.js";
import type { VideoCodec } from "./constants.js";
import type { VideoSDKError } from "./fault.js";
import type { Participant } from "./participant.js";
import type {
  ConnectionChange,
  DataMessage,
  Decision,
  EntryRequest,
  HlsState,
  HlsUrls,
  LeaveReason,
  LivestreamState,
  MeetingState,
  Mode,
  PinState,
  RecordingState,
  Restrictions,
  StreamKind,
  StreamRequest,
} from "./types.js";

/** Events of a `Meeting`: name to the arguments of the listener. */
export interface MeetingEvents {
  "meeting-joined": [];
  "meeting-left": [reason: LeaveReason];
  "meeting-state-changed": [change: { readonly state: MeetingState }];
  "participant-joined": [participant: Participant];
  "participant-left": [participant: Participant, reason: LeaveReason];
  "participant-mode-changed": [change: { readonly participantId: string; readonly mode: Mode }];
  /** While RECONNECTING: the next attempt follows after so long, unless `reconnectNow` is called. Ours. */
  "reconnect-scheduled": [attempt: { readonly attempt: number; readonly inMs: number }];
  /** Somebody else cannot be reached any more, or is back. Ours. */
  "participant-connection-changed": [change: { readonly participantId: string } & ConnectionChange];
  "speaker-changed": [participantId: string | null];
  "presenter-changed": [participantId: string | null];
  "main-participant-changed": [participant: Participant];
  /** Only to holders of `allow_join`. */
  "entry-requested": [request: EntryRequest];
  /**
   * To holders of `allow_join` and to the one who asked to enter; to oneself also where nobody had to be asked, before
   * `meeting-joined`.
   */
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
  /** `by` is the moderator; "" over REST, and of a change that was missed while reconnecting. Ours. */
  "lock-changed": [change: { readonly locked: boolean; readonly by: string }];
  /** `by` is the moderator; "" over REST, and of a change that was missed while reconnecting. Ours. */
  "restrictions-changed": [change: { readonly restrictions: Restrictions; readonly by: string }];
  /** With RECORDING_STOPPED, who may record gets a link to the file, which needs no token and expires. (Ours.) */
  "recording-state-changed": [change: { readonly status: RecordingState; readonly fileUrl?: string }];
  "livestream-state-changed": [change: { readonly status: LivestreamState }];
  /** The URLs are absent while there is no HLS. */
  "hls-state-changed": [change: { readonly status: HlsState } & { readonly [Name in keyof Required<HlsUrls>]: string }];
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
  /** The own microphone is on and gives nothing but zeros, or something again. `timestamp` is in ms since 1970. */
  "audio-input-silence": [
    silence: {
      readonly deviceLabel: string;
      readonly state: "detected" | "resolved";
      readonly timestamp: number;
    },
  ];
  /** The own camera or screen is sent with another codec, because `causedBy` cannot decode the one before. */
  "codec-changed": [
    change: {
      readonly kind: "video" | "share";
      readonly previousCodec: VideoCodec;
      readonly currentCodec: VideoCodec;
      readonly unsupportedRemoteCodec: VideoCodec;
      readonly causedBy?: Participant;
    },
  ];
  /** A data message of another participant: `send`. */
  data: [message: DataMessage];
  /** Every failure, once; a call that waits rejects with the same object. */
  error: [fault: VideoSDKError];
  /** What a fault told is over: media flows again, a stream arrives, an RTMP server takes the livestream. Ours. */
  "fault-cleared": [
    cleared: { readonly id: string; readonly code: number; readonly reason: string; readonly forMs: number },
  ];

  // What Klatch does not offer: it can be listened to and never fires.

  "transcription-state-changed": [change: { readonly status: string; readonly id: string }];
  "transcription-text": [
    text: {
      readonly participantId: string;
      readonly participantName: string;
      readonly text: string;
      readonly timestamp: number;
      readonly type: string;
    },
  ];
  "whiteboard-started": [whiteboard: { readonly url: string }];
  "whiteboard-stopped": [];
  "media-relay-started": [relay: { readonly meetingId: string }];
  "media-relay-stopped": [relay: { readonly meetingId: string; readonly reason: string }];
  "media-relay-error": [meetingId: string, error: string];
  "media-relay-request-response": [participantId: string, decision: string, decidedBy: string];
  "media-relay-request-received": [
    request: {
      readonly participantId: string;
      readonly meetingId: string;
      readonly displayName: string;
      accept(): void;
      reject(): void;
    },
  ];
  /** `switchTo` has joined another meeting, after its `meeting-joined`. */
  "switch-meeting": [data: { readonly meetingId: string }];
  /** Same as participant-mode-changed, under the name of the React declarations. */
  "participant-mode-change": MeetingEvents["participant-mode-changed"];
  // Published and never fired: translation, characters and connections to other meetings are not offered.
  "translation-state-changed": [data: object];
  "translation-language-changed": [data: object];
  "translation-text": [data: object];
  "character-joined": [data: object];
  "character-left": [data: object];
  "connection-open": [data: object];
  "connection-close": [data: object];
}

/** Every event of a meeting. */
export const meetingEvents: EventNames<MeetingEvents> = {
  "meeting-joined": true,
  "meeting-left": true,
  "meeting-state-changed": true,
  "participant-joined": true,
  "participant-left": true,
  "participant-mode-changed": true,
  "reconnect-scheduled": true,
  "participant-connection-changed": true,
  "speaker-changed": true,
  "presenter-changed": true,
  "main-participant-changed": true,
  "entry-requested": true,
  "entry-responded": true,
  "entry-withdrawn": true,
  "entry-pending": true,
  "mic-requested": true,
  "webcam-requested": true,
  "pin-state-changed": true,
  "lock-changed": true,
  "restrictions-changed": true,
  "recording-state-changed": true,
  "livestream-state-changed": true,
  "hls-state-changed": true,
  "recording-started": true,
  "recording-stopped": true,
  "livestream-started": true,
  "livestream-stopped": true,
  "hls-started": true,
  "hls-stopped": true,
  "paused-all-streams": true,
  "resumed-all-streams": true,
  "quality-limitation": true,
  "audio-input-silence": true,
  "codec-changed": true,
  data: true,
  error: true,
  "fault-cleared": true,
  "transcription-state-changed": true,
  "transcription-text": true,
  "whiteboard-started": true,
  "whiteboard-stopped": true,
  "media-relay-started": true,
  "media-relay-stopped": true,
  "media-relay-error": true,
  "media-relay-request-response": true,
  "media-relay-request-received": true,
  "switch-meeting": true,
  "participant-mode-change": true,
  "translation-state-changed": true,
  "translation-language-changed": true,
  "translation-text": true,
  "character-joined": true,
  "character-left": true,
  "connection-open": true,
  "connection-close": true,
};
