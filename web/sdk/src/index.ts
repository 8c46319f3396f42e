// The public surface of @klatch/sdk. Names are the published ones; what is Klatch's own says so in its comment.

export { VideoSDK } from "./videosdk.js";
export { Meeting } from "./meeting.js";
export { AgentParticipant } from "./agentparticipant.js";
export { Participant } from "./participant.js";
export { Stream } from "./stream.js";
export { PubSub } from "./pubsub.js";
export { VideoSDKError } from "./fault.js";
/** @internal Makes the faults of packages that are built on this one. */
export { faults } from "./fault.js";
export * as Codes from "./codes.gen.js";
export { VideoSDKErrors } from "./faults.gen.js";
export { Errors } from "./errors.gen.js";
export type { ErrorInfo, Fault, FaultCode, FaultFields, FaultName, FaultOf } from "./faults.gen.js";
export type { Unsubscribe } from "./emitter.js";
export type {
  AudioPreset,
  BitrateMode,
  CameraPreset,
  CameraTrackOptions,
  CaptureOptions,
  CompositionConfig,
  CustomTrack,
  Decision,
  DeviceInfo,
  DisplaySurface,
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
  PictureStats,
  PinState,
  PinType,
  PublishOptions,
  PubSubMessage,
  Quality,
  PreferredProtocol,
  QualityName,
  RecordingConfig,
  RecordingState,
  RenderAudioOptions,
  RenderVideoOptions,
  ScreenShareTrackOptions,
  SelectedDevice,
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
  VideoCodec,
} from "./types.js";
