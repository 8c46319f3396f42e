import type { FaultEntry } from "./types";

/** GET /v2/sessions/{id}/timeline. */
export interface TimelineRecord {
  readonly sessionId: string;
  readonly roomId: string;
  readonly customRoomId: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly participants: readonly TimelineParticipant[];
  readonly streams: readonly TimelineStream[];
  readonly jobs: readonly TimelineJob[];
  readonly webhooks: readonly TimelineWebhook[];
  /** The newest 1000, newest first. */
  readonly faults: readonly TimelineFault[];
  /** There is more of something than is here. */
  readonly truncated: boolean;
}

/** What the lanes show of a fault. */
export type TimelineFault = Pick<
  FaultEntry,
  "id" | "at" | "lasts" | "clearedAt" | "code" | "reason" | "detail" | "fatal" | "participantId"
>;

export interface TimelineParticipant {
  readonly participantId: string;
  readonly name: string;
  readonly joinedAt: string;
  readonly leftAt: string | null;
  readonly reason?: string;
  readonly sdk?: string;
  /** The user agent. */
  readonly browser?: string;
  /** Cuts of the signaling after which it resumed. */
  readonly reconnects?: readonly { readonly lostAt: string; readonly resumedAt: string }[];
}

export interface TimelineStream {
  readonly participantId: string;
  readonly kind: "audio" | "video" | "share" | "shareAudio";
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly codec?: string;
}

export interface TimelineJob {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly createdAt?: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly fault?: FaultEntry | null;
}

export interface TimelineWebhook {
  readonly id?: string;
  readonly event: string;
  readonly at?: string;
  readonly createdAt?: string;
  readonly state?: string;
  readonly attempts: readonly TimelineAttempt[];
}

export interface TimelineAttempt {
  readonly at: string;
  /** Of HTTP; null where no answer came. */
  readonly status: number | null;
  readonly durationMs?: number;
}

/** One measurement of a participant, whatever the stream: what the curves show. What was not measured is absent. */
export interface QualitySample {
  readonly at: number;
  readonly rttMs?: number;
  readonly jitterMs?: number;
  /** 0 (bad) to 10, as the server scores it. */
  readonly score?: number;
}
