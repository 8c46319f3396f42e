import type { CameraTrackOptions, MicrophoneTrackOptions } from "./types.js";
import { notOffered } from "./unoffered.js";

/** Options of `runPreCallTest`. */
export interface PreCallTestOptions {
  token: string;
  samplingDuration?: number;
  audioOnly?: boolean;
  videoTrack?: MediaStream;
  audioTrack?: MediaStream;
  videoConfig?: CameraTrackOptions;
  audioConfig?: MicrophoneTrackOptions;
  onStatsChange?: (stats: object) => void;
}

/** What `runPreCallTest` resolves with. */
export interface PreCallTestResult {
  aborted: boolean;
  testDuration: number;
  camera: object;
  microphone: object;
  networkQuality: object;
}

/** What the published `runPreCallTest` rejects with. Klatch does not offer the test, and makes none. */
export class PreCallTestError {
  code = "";
  message = "";
}

/** Rejects with 3105. */
export function runPreCallTest(_options: PreCallTestOptions): Promise<PreCallTestResult> & { stop(): Promise<void> } {
  const refused = Promise.reject<PreCallTestResult>(notOffered("runPreCallTest", "a test before the call"));
  return Object.assign(refused, { stop: () => Promise.resolve() });
}
