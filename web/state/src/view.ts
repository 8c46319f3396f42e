/** What is known of a meeting, as one plain value, and how it changes. Nothing here touches network or document. */
import type {
  CameraDeviceInfo,
  HlsState,
  HlsUrls,
  LeaveReason,
  LivestreamState,
  Meeting,
  MeetingState,
  MicrophoneDeviceInfo,
  RecordingState,
  Restrictions,
} from "@klatch/sdk";
import { snapshot, type Snapshot } from "./snapshot";

/** What leaves the meeting: states and addresses of the SDK. */
export interface Egress {
  readonly recording: RecordingState;
  readonly livestream: LivestreamState;
  readonly hls: HlsState;
  readonly urls: HlsUrls;
}

/** A meeting. `P` is a participant with what its owner keeps beside what the SDK knows. */
export interface View<P extends Snapshot = Snapshot> {
  readonly connection: MeetingState;
  /** Between `meeting-joined` and `meeting-left`; also while reconnecting. */
  readonly inside: boolean;
  /** Oneself first, then by time of entering. */
  readonly people: readonly P[];
  readonly speakerId: string | null;
  readonly presenterId: string | null;
  readonly mainId: string | null;
  readonly permissions: readonly string[];
  /** Nobody new gets in. */
  readonly locked: boolean;
  /** What participants may not do. */
  readonly restrictions: Restrictions;
  readonly egress: Egress;
  readonly camera: CameraDeviceInfo | undefined;
  readonly microphone: MicrophoneDeviceInfo | undefined;
}

/** What happened in a meeting, with all that a view needs to know of it. */
export type Change =
  | ({ readonly type: "joined"; readonly at: number } & Omit<View, "connection" | "inside">)
  | { readonly type: "left"; readonly reason: LeaveReason }
  | { readonly type: "connection"; readonly state: MeetingState }
  /** A participant who entered, or of whom something is different. */
  | { readonly type: "person"; readonly person: Snapshot }
  | { readonly type: "person-left"; readonly id: string }
  | { readonly type: "speaker"; readonly id: string | null; readonly at: number }
  | { readonly type: "presenter"; readonly id: string | null }
  | { readonly type: "main"; readonly id: string | null }
  | { readonly type: "restrictions"; readonly restrictions: Restrictions; readonly by: string }
  | { readonly type: "lock"; readonly locked: boolean; readonly by: string }
  | { readonly type: "egress"; readonly egress: Egress }
  | {
      readonly type: "devices";
      readonly camera: CameraDeviceInfo | undefined;
      readonly microphone: MicrophoneDeviceInfo | undefined;
    };

export const noEgress: Egress = {
  recording: "RECORDING_STOPPED",
  livestream: "LIVESTREAM_STOPPED",
  hls: "HLS_STOPPED",
  urls: {},
};

const unrestricted: Restrictions = { audio: false, video: false, share: false, chat: false };

export const emptyView: View<never> = {
  connection: "DISCONNECTED",
  inside: false,
  people: [],
  speakerId: null,
  presenterId: null,
  mainId: null,
  permissions: [],
  locked: false,
  restrictions: unrestricted,
  egress: noEgress,
  camera: undefined,
  microphone: undefined,
};

/** Returns all that the SDK knows of a meeting at this moment. */
export function viewOf(meeting: Meeting): Omit<View, "inside"> {
  return {
    connection: meeting.state,
    people: [meeting.localParticipant, ...meeting.participants.values()].map((p) => snapshot(p)),
    speakerId: meeting.activeSpeakerId ?? null,
    presenterId: meeting.activePresenterId ?? null,
    mainId: meeting.mainParticipantId ?? null,
    permissions: meeting.permissions,
    locked: meeting.locked,
    restrictions: meeting.restrictions,
    egress: egressOf(meeting),
    camera: meeting.selectedCameraDevice,
    microphone: meeting.selectedMicrophoneDevice,
  };
}

export function egressOf({ recordingState, livestreamState, hlsState, hlsUrls }: Meeting): Egress {
  return { recording: recordingState, livestream: livestreamState, hls: hlsState, urls: hlsUrls };
}

/**
 * Returns the view after a change; `enter` makes the owner's participant of one who is new. What the owner keeps
 * beside the fields of `View`, in the view and in its people, stays.
 */
export function reduceView<P extends Snapshot, V extends View<P>>(
  view: V,
  change: Change,
  enter: (p: Snapshot) => P,
): V {
  switch (change.type) {
    case "joined": {
      const { type: _, at: __, people, ...rest } = change;
      return { ...view, ...rest, connection: "CONNECTED", inside: true, people: people.map((p) => enter(p)) };
    }
    case "left":
      return { ...view, ...emptyView, connection: view.connection, permissions: view.permissions };
    case "connection":
      return view.connection === change.state ? view : { ...view, connection: change.state };
    case "person": {
      const { person } = change;
      const known = view.people.some((p) => isSame(p, person));
      if (!known) return { ...view, people: [...view.people, enter(person)] };
      return { ...view, people: view.people.map((p) => (isSame(p, person) ? { ...p, ...person } : p)) };
    }
    case "person-left": {
      const people = view.people.filter((p) => p.id !== change.id);
      return people.length === view.people.length ? view : { ...view, people };
    }
    case "speaker":
      return view.speakerId === change.id ? view : { ...view, speakerId: change.id };
    case "presenter":
      return view.presenterId === change.id ? view : { ...view, presenterId: change.id };
    case "main":
      return view.mainId === change.id ? view : { ...view, mainId: change.id };
    case "lock":
      return { ...view, locked: change.locked };
    case "restrictions":
      return { ...view, restrictions: change.restrictions };
    case "egress":
      return { ...view, egress: change.egress };
    case "devices":
      return { ...view, camera: change.camera, microphone: change.microphone };
  }
}

/** Oneself may get another id from the server. */
function isSame(one: Snapshot, other: Snapshot): boolean {
  return one.id === other.id || (one.local && other.local);
}
