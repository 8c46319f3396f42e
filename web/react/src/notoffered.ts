// Hooks of what the published API has and Klatch does not offer: their values are idle, their callbacks are never
// called, and their methods reject with 3105 NOT_OFFERED.

import type { Stream } from "@klatch/sdk";
import { useMemo } from "react";
import { useSession } from "./context.js";
import type { Kind } from "./callbacks.js";

/** Returns methods that are refused under their published names, of constant identity. */
function useRefused<T extends object>(
  hook: string,
  feature: string,
  names: readonly (keyof T & string)[],
  values: Partial<T> = {},
): T {
  const session = useSession();
  return useMemo(() => {
    const methods = names.map((name) => [name, () => session.refuse(session.notOffered(`${hook}.${name}`, feature))]);
    return { ...values, ...Object.fromEntries(methods) } as T;
    // Names and values are constants of the hook.
  }, [session, hook]);
}

export interface TranscriptionCallbacks {
  onTranscriptionStateChanged?: ((data: { id: string; status: string }) => void) | undefined;
  onTranscriptionText?:
    | ((data: {
        participantId: string;
        participantName: string;
        text: string;
        timestamp: number;
        type: "realtime";
      }) => void)
    | undefined;
}

export interface UseTranscription {
  startTranscription: (config: {
    webhookUrl?: string;
    modelConfig?: object;
    summary?: { enabled: boolean; prompt?: string };
    language?: string;
  }) => Promise<void>;
  stopTranscription: () => Promise<void>;
}

export function useTranscription(_callbacks: TranscriptionCallbacks = {}): UseTranscription {
  return useRefused<UseTranscription>("useTranscription", "transcription", ["startTranscription", "stopTranscription"]);
}

export interface TranslationCallbacks {
  onTranslationStateChanged?: ((data: { id: string; status: string }) => void) | undefined;
  onTranslationLanguageChanged?: ((data: { participantId: string; language: string }) => void) | undefined;
  onTranslationText?:
    | ((data: {
        participantId: string;
        participantName: string;
        text: string;
        timestamp: number;
        language: string;
        type: string;
      }) => void)
    | undefined;
}

export interface UseTranslation {
  startTranslation: () => Promise<void>;
  changeTranslationLanguage: (languageCode: string) => Promise<void>;
  stopTranslation: () => Promise<void>;
}

export function useTranslation(_callbacks: TranslationCallbacks = {}): UseTranslation {
  return useRefused<UseTranslation>("useTranslation", "translation", [
    "startTranslation",
    "changeTranslationLanguage",
    "stopTranslation",
  ]);
}

export interface UseWhiteboard {
  startWhiteboard: () => Promise<void>;
  stopWhiteboard: () => Promise<void>;
  whiteboardUrl: string | null;
}

export function useWhiteboard(): UseWhiteboard {
  return useRefused<UseWhiteboard>("useWhiteboard", "a whiteboard", ["startWhiteboard", "stopWhiteboard"], {
    whiteboardUrl: null,
  });
}

export type CharacterModeName = "text" | "co_pilot" | "auto_pilot" | "vision_pilot";

export interface CharacterOptions {
  interactionId?: string;
  id?: string;
  displayName?: string;
  characterRole?: string;
  characterMode?: CharacterModeName;
  knowledgeBases?: string[];
  language?: string;
  metaData?: any;
}

export interface CharacterCallbacks {
  onCharacterStateChanged?: ((data: { id: string; status: any }) => void) | undefined;
  onUserMessage?:
    ((data: { participantId: string; participantName: string; text: string; timestamp: number }) => void) | undefined;
  onCharacterMessage?:
    ((data: { characterId: string; characterName: string; text: string; timestamp: number }) => void) | undefined;
  onData?: ((topic: string, data: any) => void) | undefined;
  onError?: ((data: any) => void) | undefined;
  onCharacterJoined?: (() => void) | undefined;
  onCharacterLeft?: (() => void) | undefined;
  onStreamEnabled?: ((stream: Stream) => void) | undefined;
  onStreamDisabled?: ((stream: Stream) => void) | undefined;
  onMediaStatusChanged?:
    ((change: { kind: "audio" | "video"; peerId: string; newStatus: boolean }) => void) | undefined;
  onVideoQualityChanged?: ((change: { peerId: string; prevQuality: any; currentQuality: any }) => void) | undefined;
}

export interface UseCharacter {
  displayName: string;
  webcamStream: Stream;
  micStream: Stream;
  webcamOn: boolean;
  micOn: boolean;
  isActiveSpeaker: boolean;
  interactionId?: string;
  id?: string;
  characterMode?: any;
  characterState?: any;
  knowledgeBases?: string[];
  metaData?: any;
  enableMic: () => Promise<void>;
  disableMic: () => Promise<void>;
  enableWebcam: () => Promise<void>;
  disableWebcam: () => Promise<void>;
  join: () => Promise<void>;
  leave: () => Promise<void>;
  sendMessage: (text: string) => Promise<void>;
  interrupt: () => Promise<void>;
}

const nothing = null as never;

export function useCharacter(_character: CharacterOptions, _callbacks: CharacterCallbacks = {}): UseCharacter {
  return useRefused<UseCharacter>(
    "useCharacter",
    "characters",
    ["enableMic", "disableMic", "enableWebcam", "disableWebcam", "join", "leave", "sendMessage", "interrupt"],
    {
      displayName: "",
      webcamStream: nothing,
      micStream: nothing,
      webcamOn: false,
      micOn: false,
      isActiveSpeaker: false,
    },
  );
}

export interface AgentCallbacks {
  onStreamEnabled?: ((stream: Stream) => void) | undefined;
  onStreamDisabled?: ((stream: Stream) => void) | undefined;
  onMediaStatusChanged?: ((change: { kind: Kind; peerId: string; newStatus: boolean }) => void) | undefined;
  onAgentTranscriptionReceived?:
    ((data: { segment: { text: string; timestamp: number; type?: string }; participant: any }) => void) | undefined;
  onAgentStateChanged?: ((change: { state: string }) => void) | undefined;
  onAgentMetrics?:
    | ((metrics: { latency: object; speech: object; providers?: object; systemInstructions?: object }) => void)
    | undefined;
}

/** Returns what `useAgentParticipant` shows of somebody who is no agent: nobody in a Klatch meeting is one. */
export function useAgentParticipant(participantId: string, _callbacks: AgentCallbacks = {}): UseAgentParticipant {
  const refused = useRefused<UseAgentParticipant>(
    "useAgentParticipant",
    "agents",
    [
      "remove",
      "pin",
      "unpin",
      "getAudioStats",
      "getVideoStats",
      "consumeMicStreams",
      "consumeWebcamStreams",
      "stopConsumingMicStreams",
      "stopConsumingWebcamStreams",
    ],
    {
      displayName: "",
      agentParticipant: nothing,
      agentId: "",
      webcamStream: nothing,
      micStream: nothing,
      webcamOn: false,
      micOn: false,
      isActiveSpeaker: false,
      pinState: { cam: false, share: false },
      agentState: nothing,
      mode: nothing,
      metaData: {},
    },
  );
  return useMemo(() => ({ ...refused, id: participantId }), [refused, participantId]);
}

type Pinned = "SHARE_AND_CAM" | "CAM" | "SHARE";

export interface UseAgentParticipant {
  displayName: string;
  agentParticipant: any;
  id: string;
  agentId: string;
  webcamStream: Stream;
  micStream: Stream;
  webcamOn: boolean;
  micOn: boolean;
  isActiveSpeaker: boolean;
  pinState: any;
  agentState: string;
  mode: "SEND_AND_RECV" | "SIGNALLING_ONLY" | "RECV_ONLY";
  metaData: object;
  remove: () => Promise<void>;
  pin: (data: Pinned) => Promise<void>;
  unpin: (data: Pinned) => Promise<void>;
  getAudioStats: () => Promise<any[]>;
  getVideoStats: () => Promise<any[]>;
  consumeMicStreams: () => Promise<void>;
  consumeWebcamStreams: () => Promise<void>;
  stopConsumingMicStreams: () => Promise<void>;
  stopConsumingWebcamStreams: () => Promise<void>;
}

export interface UseConnection {
  connection: {
    id: string;
    payload: string;
    close: () => Promise<void>;
    meeting: {
      id: string;
      participants: Map<string, any>;
      end: () => Promise<void>;
      sendChatMessage: () => Promise<void>;
    };
  };
}

/** Connections to other meetings are deprecated where they come from: there is none, and its calls are refused. */
export function useConnection(connectionId: string, _callbacks: { onMeeting?: object } = {}): UseConnection {
  const { close, end, sendChatMessage } = useRefused<
    Pick<UseConnection["connection"], "close"> & Pick<UseConnection["connection"]["meeting"], "end" | "sendChatMessage">
  >("useConnection", "connections to other meetings", ["close", "end", "sendChatMessage"]);
  return useMemo(
    () => ({
      connection: {
        id: connectionId,
        payload: "",
        close,
        meeting: { id: "", participants: new Map<string, any>(), end, sendChatMessage },
      },
    }),
    [connectionId, close, end, sendChatMessage],
  );
}
