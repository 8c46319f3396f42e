import type { StreamKind } from "./types.js";
export declare class Stream {
  /** Stable while the participant is in the session. */
  readonly id: string;
  readonly kind: StreamKind;
  /** VP8, H264, VP9, AV1 or opus. */
  readonly codec: string;
  readonly track: MediaStreamTrack;
  /** pause() was called here. */
  readonly paused: boolean;
  /** monitor, window or browser; of an own share. */
  readonly displaySurface: string | undefined;
  pause(): Promise<void>;
  resume(): Promise<void>;
}
