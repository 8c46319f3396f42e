// The public surface of @klatch/react. Names are the published ones; what is Klatch's own says so in its comment.

export { MeetingConsumer, MeetingProvider } from "./provider";
export type { MeetingConfig, MeetingConsumerProps, MeetingProviderProps } from "./provider";
export { useMeeting } from "./meeting";
export type { MeetingMethods, MeetingValues, UseMeeting } from "./meeting";
export { useParticipant } from "./participant";
export type { ParticipantMethods, ParticipantValues, UseParticipant } from "./participant";
export { useStream } from "./stream";
export type { StreamCallbacks, UseStream } from "./stream";
export { usePubSub } from "./pubsub";
export type { PubSubCallbacks, PubSubOptions, TopicMessage, UsePubSub } from "./pubsub";
export { useRealtimeStore } from "./realtimestore";
export type { RealtimeStoreCallbacks, UseRealtimeStore } from "./realtimestore";
export { useMediaDevice } from "./devices";
export type { MediaDeviceCallbacks } from "./devices";
export { useFile } from "./file";
export type { UseFile } from "./file";
export {
  useAgentParticipant,
  useCharacter,
  useConnection,
  useTranscription,
  useTranslation,
  useWhiteboard,
} from "./notoffered";
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
} from "./notoffered";
export { AudioPlayer, VideoPlayer, withAdaptiveObservers } from "./players";
export type { AdaptiveOptions, AudioPlayerProps, VideoPlayerProps } from "./players";
export { createCameraVideoTrack, createMicrophoneAudioTrack, createScreenShareVideoTrack } from "./tracks";
export type {
  DataMessage,
  EntryRequested,
  LeftReason,
  MeetingCallbacks,
  MeetingError,
  ParticipantCallbacks,
  StreamRequested,
} from "./callbacks";
export { Codes, VideoSDK, VideoSDKError, VideoSDKErrors } from "@klatch/sdk";
export type { Fault, Meeting, Participant, Stream } from "@klatch/sdk";
