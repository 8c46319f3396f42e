import type { Emitter } from "./emitter.js";
import type { Participant } from "./participant.js";
import type { PubSub } from "./pubsub.js";
import type { CustomTrack, Decision, DeviceInfo, MeetingEvents, MeetingState, ModeName, PinState } from "./types.js";
declare const Base: { new (): Pick<Emitter<MeetingEvents>, "on" | "off" | "once"> };
export declare class Meeting extends Base {
  readonly id: string;
  /** Of this occurrence; "" before the meeting was joined. Ours. */
  readonly sessionId: string;
  readonly state: MeetingState;
  readonly localParticipant: Participant;
  /** The others, by id. */
  readonly participants: ReadonlyMap<string, Participant>;
  /** What the token and the account allow here: allow_join, allow_mod. Ours. */
  readonly permissions: readonly string[];
  readonly activeSpeakerId: string | null;
  readonly activePresenterId: string | null;
  readonly mainParticipantId: string | null;
  readonly pinnedParticipants: ReadonlyMap<string, PinState>;
  readonly selectedCameraDevice: { readonly deviceId: string; readonly label: string } | undefined;
  readonly selectedMicrophoneDevice: { readonly deviceId: string; readonly label: string } | undefined;
  readonly pubSub: PubSub;
  /** When the session began, RFC 3339; "" before the meeting was joined. Ours. */
  readonly startedAt: string;
  /** Resolves when in the meeting: after the lobby, if there is one. */
  join(options?: { signal?: AbortSignal }): Promise<void>;
  leave(): Promise<void>;
  end(): Promise<void>;
  changeMode(mode: ModeName): Promise<void>;
  respondEntry(participantId: string, decision: Decision): Promise<void>;
  muteMic(): Promise<void>;
  unmuteMic(track?: CustomTrack): Promise<void>;
  enableWebcam(track?: CustomTrack): Promise<void>;
  disableWebcam(): Promise<void>;
  enableScreenShare(track?: CustomTrack): Promise<void>;
  disableScreenShare(): Promise<void>;
  /** A device id, or a track of one's own. */
  changeMic(device: string | CustomTrack): Promise<void>;
  changeWebcam(device: string | CustomTrack): Promise<void>;
  replaceWebcamStream(track: CustomTrack): Promise<void>;
  getMics(): Promise<DeviceInfo[]>;
  getWebcams(): Promise<DeviceInfo[]>;
}
