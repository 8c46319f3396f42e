// The public surface of @klatch/react. Names are the published ones; what is Klatch's own says so in its comment.

export { MeetingConsumer, MeetingProvider } from "./provider.js";
export type { MeetingConfig, MeetingConsumerProps, MeetingProviderProps } from "./provider.js";
export { useMeeting } from "./meeting.js";
export type { MeetingMethods, MeetingValues, UseMeeting } from "./meeting.js";
export { useParticipant } from "./participant.js";
export type { ParticipantMethods, ParticipantValues, UseParticipant } from "./participant.js";
export { useStream } from "./stream.js";
export type { StreamCallbacks, UseStream } from "./stream.js";
export { usePubSub } from "./pubsub.js";
export type { PubSubCallbacks, PubSubOptions, TopicMessage, UsePubSub } from "./pubsub.js";
export { useRealtimeStore } from "./realtimestore.js";
export type { RealtimeStoreCallbacks, UseRealtimeStore } from "./realtimestore.js";
export { useMediaDevice } from "./devices.js";
export type { MediaDeviceCallbacks } from "./devices.js";
export { useFile } from "./file.js";
export type { UseFile } from "./file.js";
export {
  useAgentParticipant,
  useCharacter,
  useConnection,
  useTranscription,
  useTranslation,
  useWhiteboard,
} from "./notoffered.js";
export type {
  AgentCallbacks,
  CharacterCallbacks,
  CharacterOptions,
  TranscriptionCallbacks,
  TranslationCallbacks,
  UseAgentParticipant,
  UseCharacter,
  UseConnection,
  UseTranscription,
  UseTranslation,
  UseWhiteboard,
} from "./notoffered.js";
export { AudioPlayer, VideoPlayer, withAdaptiveObservers } from "./players.js";
export type { AdaptiveOptions, AudioPlayerProps, VideoPlayerProps } from "./players.js";
export {
  createCameraVideoTrack,
  createMicrophoneAudioTrack,
  createScreenShareVideoTrack,
  getNetworkStats,
  runPreCallTest,
  setLogLevel,
} from "./tracks.js";
export type {
  DataMessage,
  EntryRequested,
  LeftReason,
  MeetingCallbacks,
  MeetingError,
  ParticipantCallbacks,
  StreamRequested,
} from "./callbacks.js";
export {
  CameraDeviceInfo,
  Codes,
  Constants,
  DeviceInfo,
  MicrophoneDeviceInfo,
  PreCallTestError,
  VideoSDK,
  VideoSDKError,
  VideoSDKErrors,
} from "@klatch/sdk";
export type { Fault, Meeting, Participant, Stream } from "@klatch/sdk";
