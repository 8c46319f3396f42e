import type { Emitter } from "./emitter.js";
import type { Stream } from "./stream.js";
import type { MetaData, Mode, ParticipantEvents, PinState, PinType, StreamKind, StreamStats } from "./types.js";
declare const Base: { new (): Pick<Emitter<ParticipantEvents>, "on" | "off" | "once"> };
export declare class Participant extends Base {
  readonly id: string;
  readonly displayName: string;
  readonly local: boolean;
  readonly isLocal: boolean;
  readonly mode: Mode;
  readonly metaData: MetaData | undefined;
  /** Streams whose media is here, by stream id. */
  readonly streams: ReadonlyMap<string, Stream>;
  readonly micOn: boolean;
  readonly webcamOn: boolean;
  readonly screenShareOn: boolean;
  readonly screenShareAudioOn: boolean;
  readonly pinState: PinState;
  /** The stream of a kind, if its media is here. Ours. */
  stream(kind: StreamKind): Stream | undefined;
  enableMic(): Promise<void>;
  disableMic(): Promise<void>;
  enableWebcam(): Promise<void>;
  disableWebcam(): Promise<void>;
  remove(): Promise<void>;
  pin(type?: PinType): Promise<void>;
  unpin(type?: PinType): Promise<void>;
  consumeMicStreams(): Promise<void>;
  consumeWebcamStreams(): Promise<void>;
  stopConsumingMicStreams(): Promise<void>;
  stopConsumingWebcamStreams(): Promise<void>;
  captureImage(size?: { width?: number; height?: number }): Promise<string>;
  getVideoStats(): Promise<readonly StreamStats[]>;
  getAudioStats(): Promise<readonly StreamStats[]>;
  getShareStats(): Promise<readonly StreamStats[]>;
  getShareAudioStats(): Promise<readonly StreamStats[]>;
}
