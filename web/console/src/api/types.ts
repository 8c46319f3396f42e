import type { FaultFields } from "@klatch/sdk";

/** Who is signed in. */
export interface Identity {
  readonly role: "operator" | "developer" | "support";
  readonly accountId: string | null;
  readonly accountName: string | null;
  readonly csrf: string;
  readonly expiresAt: string;
}

export interface PageOf<T> {
  readonly pageInfo: PageInfo;
  readonly data: readonly T[];
}

export interface PageInfo {
  readonly currentPage: number;
  readonly perPage: number;
  readonly lastPage: number;
  readonly total: number;
}

/** A fault of the timeline. */
export interface FaultEntry extends FaultFields {
  readonly accountId?: string;
  /** "web/0.9.0"; "" where none is known. */
  readonly sdk?: string;
  /** "Chrome/141"; "" where none is known. */
  readonly browser?: string;
  /** It is a condition, which lasts until clearedAt. */
  readonly lasts?: boolean;
  /** Of a condition that is over: when it ended. */
  readonly clearedAt?: string | null;
}

export interface FaultDetail extends FaultEntry {
  readonly causes?: readonly FaultEntry[];
  readonly consequences?: readonly FaultEntry[];
  readonly count24h?: number;
  readonly firstSeen?: string | null;
  readonly firstSdk?: string;
}

export interface FaultGroup {
  readonly key: string;
  readonly name?: string;
  readonly count: number;
  readonly first: string;
  readonly last: string;
  readonly lastId: string;
  readonly code?: number;
  readonly reason?: string;
  readonly trend: readonly number[];
}

export interface Span {
  readonly start: string;
  readonly end: string | null;
}

export interface ParticipantRecord {
  readonly participantId: string;
  readonly name: string;
  readonly mode?: string;
  readonly deviceInfo?: {
    readonly sdkType?: string;
    readonly sdkVersion?: string;
    readonly platform?: string;
    readonly browserUserAgent?: string;
  };
  readonly timelog: readonly Span[];
}

export interface SessionRecord {
  readonly id: string;
  readonly roomId: string;
  readonly customRoomId: string | null;
  readonly status: "ongoing" | "ended";
  readonly start: string;
  readonly end: string | null;
  readonly userId: string;
  readonly participants: readonly ParticipantRecord[];
}

export interface RoomRecord {
  readonly roomId: string;
  readonly customRoomId: string | null;
  readonly name?: string;
  readonly disabled: boolean;
  readonly createdAt: string;
  readonly webhook?: { readonly endPoint: string; readonly events?: readonly string[] } | null;
}

export interface AccountRecord {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly state: "active" | "deactivated" | "discontinued";
  readonly stateMessage?: string;
  readonly limits: Readonly<Record<string, number>>;
  readonly settings: Readonly<Record<string, boolean>>;
  readonly createdAt: string;
}

export interface KeyRecord {
  readonly apiKey: string;
  readonly accountId: string;
  readonly label?: string;
  readonly state: "active" | "deactivated" | "revoked";
  readonly stateSince: string;
  readonly createdAt: string;
}

export interface FileRecord {
  readonly fileUrl: string;
  readonly size?: number;
  readonly meta?: { readonly duration?: number; readonly format?: string };
}

export interface JobRecord {
  readonly id: string;
  readonly roomId: string;
  readonly sessionId: string;
  readonly status: string;
  readonly start: string | null;
  readonly end: string | null;
  readonly createdAt: string;
  readonly file?: FileRecord | null;
  readonly files?: readonly FileRecord[];
  readonly fault?: FaultFields | null;
  readonly participantId?: string;
  readonly kind?: string;
  readonly playbackHlsUrl?: string;
  readonly outputs?: readonly { readonly url: string; readonly state: string }[];
}
