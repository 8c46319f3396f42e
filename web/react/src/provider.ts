import {
  createElement,
  type ReactElement,
  type ReactNode,
  useEffect,
  useInsertionEffect,
  useRef,
  useState,
} from "react";
import type { MeetingCallbacks } from "./callbacks.js";
import { useBrowserLayoutEffect } from "./usecallbacks.js";
import { SessionContext } from "./context.js";
import { Session } from "./session.js";
import { useMeeting, type UseMeeting } from "./meeting.js";

/** Config of `MeetingProvider`: the options of `initMeeting` under their published names. */
export interface MeetingConfig {
  meetingId: string;
  autoConsume?: boolean;
  preferredProtocol?: "UDP_ONLY" | "UDP_OVER_TCP" | "TCP_ONLY";
  participantId?: string | undefined;
  name: string;
  micEnabled: boolean;
  webcamEnabled: boolean;
  maxResolution?: "hd" | "sd";
  customCameraVideoTrack?: MediaStream | null | undefined;
  customMicrophoneAudioTrack?: MediaStream | null | undefined;
  /** Where the server is: `host[:port]` or an address. Default: the page's origin. */
  signalingBaseUrl?: string | undefined;
  /** The same as an address, path prefix included. Ours. */
  serverUrl?: string | undefined;
  multiStream?: boolean;
  maxLayer?: 2 | 3;
  mode?: "SEND_AND_RECV" | "SIGNALLING_ONLY" | "RECV_ONLY" | "CONFERENCE" | "VIEWER";
  metaData?: object;
  defaultCamera?: "front" | "back";
  debugMode?: boolean;
  translationLanguage?: string;
  speakingLanguage?: string;
  codecSwitchEnabled?: boolean;
}

export interface MeetingProviderProps {
  children?: any;
  config: MeetingConfig;
  token: string;
  /** Join when mounted. Default false: `join()` of `useMeeting` does. */
  joinWithoutUserInteraction?: boolean;
  /** Leave and join again when `config.meetingId` or `token` change. Default false. */
  reinitialiseMeetingOnConfigChange?: boolean;
  /** Without effect: it names the app in the vendor's analytics, which Klatch does not have. */
  deviceInfo?: object;
}

/**
 * Holds one meeting for the hooks below it. Nothing goes over the wire before `join`; unmounting leaves the meeting.
 * Config and token are those of the moment of joining.
 */
export function MeetingProvider(props: MeetingProviderProps): any {
  const { children, config, token, joinWithoutUserInteraction, reinitialiseMeetingOnConfigChange } = props;
  const setup = { config: config as unknown as Readonly<Record<string, unknown>>, token };
  const [session] = useState(() => new Session(setup));
  useInsertionEffect(() => session.update(setup));
  useEffect(
    () => session.mount(joinWithoutUserInteraction === true),
    // Only the value at mounting counts.
    [session],
  );
  const started = useRef({ meetingId: config.meetingId, token });
  useBrowserLayoutEffect(() => {
    const { current } = started;
    if (current.meetingId === config.meetingId && current.token === token) return;
    started.current = { meetingId: config.meetingId, token };
    session.changed(reinitialiseMeetingOnConfigChange === true);
  }, [session, config.meetingId, token, reinitialiseMeetingOnConfigChange]);
  return createElement(SessionContext.Provider, { value: session }, children as ReactNode);
}

export interface MeetingConsumerProps extends MeetingCallbacks {
  /** A function of what `useMeeting` returns, or elements. */
  children?: any;
}

/** `useMeeting` as a component. */
export function MeetingConsumer({ children, ...callbacks }: MeetingConsumerProps): any {
  const meeting = useMeeting(callbacks);
  const content: unknown = children;
  return typeof content === "function" ? (content as (meeting: UseMeeting) => ReactElement)(meeting) : content;
}
