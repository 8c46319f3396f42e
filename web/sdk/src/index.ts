// The public surface of @klatch/sdk. Names are the published ones; what is Klatch's own says so in its comment.

import type { DeviceEvents } from "./devices.js";
import type { ListenersOf } from "./emitter.js";
import type { MeetingEvents } from "./meetingevents.js";

export { VideoSDK } from "./videosdk.js";
export { Meeting } from "./meeting.js";
export { AgentParticipant } from "./agentparticipant.js";
export { Participant } from "./participant.js";
export { Stream } from "./stream.js";
export { PubSub, PubSub as pubSub } from "./pubsub.js";
export { CameraDeviceInfo, DeviceInfo, MicrophoneDeviceInfo, PlaybackDeviceInfo } from "./deviceinfo.js";
export { type E2EEKeyProviderOptions, ExternalE2EEKeyProvider } from "./e2ee.js";
export {
  type PreCallCheck,
  type PreCallCheckName,
  type PreCallDeviceReport,
  type PreCallDirectionQuality,
  type PreCallMediaQuality,
  type PreCallNetworkQuality,
  type PreCallTest,
  PreCallTestError,
  type PreCallTestOptions,
  type PreCallTestResult,
} from "./precallresult.js";
export {
  AgentState,
  BitrateMode,
  CharacterMode,
  CharacterState,
  Constants,
  hlsEvents,
  leaveReason,
  livestreamEvents,
  LogLevel,
  modes,
  Permission,
  RealtimeOverflow,
  recordingEvents,
  reliabilityMode,
  transcriptionEvents,
  translationEvents,
  VideoCodec,
} from "./constants.js";
export { RealtimeStore, RealtimeStore as realtimeStore } from "./store.js";
export type { NetworkStats, NetworkStatsOptions } from "./throughput.js";
export { VideoSDKError } from "./fault.js";
/** @internal The parts of VideoSDK that work without a meeting, for a page that loads meetings later. */
export { createCameraVideoTrack, createMicrophoneAudioTrack } from "./tracks.js";
/** @internal */
export { DeviceWatch, getDevices } from "./devices.js";
/** @internal Makes the faults of packages that are built on this one. */
export { faults } from "./fault.js";
/** @internal Check the options of packages that are built on this one. */
export { checkOptions, type Rules } from "./options.js";
/** @internal */
export { refuseOption } from "./unoffered.js";
export * as Codes from "./codes.gen.js";
export { VideoSDKErrors } from "./faults.gen.js";
export { Errors } from "./errors.gen.js";
export type { ErrorInfo, Fault, FaultCode, FaultFields, FaultName, FaultOf } from "./faults.gen.js";
export type { Unsubscribe } from "./emitter.js";

/** Events with their listeners, under the published names. */
export type MeetingEvent = { [Name in keyof MeetingEvents]?: (...args: MeetingEvents[Name]) => void };
export type VideosdkEvent = ListenersOf<DeviceEvents>;

export type { TraceContext, Tracer, TraceSpan } from "./tracer.js";
export type { Scenario, SimulateOptions } from "./simulation.js";
export type { MeetingEvents } from "./meetingevents.js";
export type { AgentParticipantEvent, ParticipantEvent, ParticipantEvents } from "./participant.js";
export type {
  AudioPreset,
  CameraPreset,
  CameraTrackOptions,
  CaptureOptions,
  CompositionConfig,
  CustomTrack,
  DataMessage,
  Decision,
  DisplaySurface,
  EntryRequest,
  HlsConfig,
  HlsState,
  HlsUrls,
  LeaveReason,
  LivestreamConfig,
  LivestreamOutput,
  LivestreamState,
  MeetingOptions,
  MeetingState,
  MetaData,
  MicrophoneTrackOptions,
  Mode,
  ModeName,
  PauseReason,
  PictureStats,
  ConnectionChange,
  ConnectionState,
  PinState,
  PinType,
  PublishOptions,
  PubSubMessage,
  PubSubMessage as message,
  Quality,
  PreferredProtocol,
  QualityName,
  RecordingConfig,
  RecordingState,
  ReliabilityMode,
  RenderAudioOptions,
  RenderVideoOptions,
  Restrictions,
  ScreenShareTrackOptions,
  SendOptions,
  ServerOptions,
  SharePreset,
  StreamEvent,
  StreamEvents,
  StreamKind,
  StreamRequest,
  StreamState,
  StreamStats,
  SubscribeOptions,
  TopicListeners,
  TranscriptionConfig,
  TransportStats,
  ValueListener,
} from "./types.js";
