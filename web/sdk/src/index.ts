// The public surface of @klatch/sdk. Names are the published ones; what is Klatch's own says so in its comment.

export { VideoSDK } from "./videosdk.js";
export { Meeting } from "./meeting.js";
export { Participant } from "./participant.js";
export { Stream } from "./stream.js";
export { PubSub } from "./pubsub.js";
export { RealtimeStore } from "./store.js";
export { VideoSDKError } from "./fault.js";
export * as Codes from "./codes.gen.js";
export { VideoSDKErrors } from "./faults.gen.js";
export type { ErrorInfo, Fault, FaultCode, FaultFields, FaultName, FaultOf } from "./faults.gen.js";
export type { Unsubscribe } from "./emitter.js";
export type {
  AudioPreset,
  BitrateMode,
  CameraPreset,
  CameraTrackOptions,
  CompositionConfig,
  CustomTrack,
  DataMessage,
  Decision,
  DeviceInfo,
  EntryRequest,
  HlsConfig,
  HlsState,
  HlsUrls,
  LeaveReason,
  LivestreamConfig,
  LivestreamOutput,
  LivestreamState,
  MeetingEvents,
  MeetingOptions,
  MeetingState,
  MetaData,
  MicrophoneTrackOptions,
  Mode,
  ModeName,
  ParticipantEvents,
  PauseReason,
  PermissionKind,
  PinState,
  PinType,
  PublishOptions,
  PubSubMessage,
  Quality,
  PreferredProtocol,
  QualityName,
  RealtimeOverflow,
  RecordingConfig,
  RecordingState,
  ReliabilityMode,
  ScreenShareTrackOptions,
  SelectedDevice,
  SendOptions,
  ServerOptions,
  SharePreset,
  StreamEvents,
  StreamKind,
  StreamRequest,
  StreamState,
  StreamStats,
  SubscribeOptions,
  TopicListeners,
  TransportStats,
  ValueListener,
  VideoCodec,
} from "./types.js";
