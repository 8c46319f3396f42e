import type { VideoSDKError } from "./fault.js";
import type { CameraTrackOptions, MicrophoneTrackOptions } from "./types.js";

/** Options of `runPreCallTest`. */
export interface PreCallTestOptions {
  /** With allow_join or ask_join, or for REST. */
  token: string;
  /** For how long media flow in the network check, in ms: 10000 to 120000. Default 15000. */
  samplingDuration?: number;
  /** Leaves out the camera. Default false. */
  audioOnly?: boolean;
  /** A camera stream of the app's, which the test does not stop. Excludes videoConfig. */
  videoTrack?: MediaStream;
  /** A microphone stream of the app's, which the test does not stop. Excludes audioConfig. */
  audioTrack?: MediaStream;
  /** How the camera is opened. */
  videoConfig?: CameraTrackOptions;
  /** How the microphone is opened. */
  audioConfig?: MicrophoneTrackOptions;
  /** Gets the network quality of each second while media flow. */
  onStatsChange?: (stats: object) => void;
  /** Gets each check when it begins and when it is done. Ours. */
  onCheckChange?: (check: PreCallCheck) => void;
  /**
   * Whether the user has heard a tone that the app has played, which is reported as the check `speaker`. Default: it is
   * not checked. Ours.
   */
  speakerHeard?: boolean;
}

/** What is checked: udp, tcp and turn each alone, network over the way that a meeting takes. */
export type PreCallCheckName = "camera" | "microphone" | "speaker" | "signaling" | "udp" | "tcp" | "turn" | "network";

/** One check. `skipped` was not asked for, or there is nothing to check. Ours. */
export interface PreCallCheck {
  readonly name: PreCallCheckName;
  readonly status: "running" | "passed" | "failed" | "skipped" | "aborted";
  readonly durationMs: number;
  /** Label of the device. */
  readonly device?: string;
  /** What was measured: names end in their unit; packetLoss is in percent, level from 0 to 1. */
  readonly values?: Readonly<Record<string, number>>;
  /** Of a check that failed. */
  readonly fault?: VideoSDKError;
}

/** What `runPreCallTest` found out about a camera or a microphone. */
export interface PreCallDeviceReport {
  /** Whether it can be used. */
  status: boolean;
  /** The stream that was tested. After a test that was not stopped it is still open, and the app's. */
  track?: MediaStream;
  /** Of a camera, as 1280x720. */
  captureResolution?: string;
  fps?: number;
  codec?: string;
  /** Loudness of a microphone during its check, from 0 to 1. Ours. */
  level?: number;
  error?: PreCallTestError;
}

/** One kind of media in one direction. What is not known is null. */
export interface PreCallMediaQuality {
  /** 1 (bad) to 5 (excellent); 0 is unknown. */
  quality: number;
  /** Round trip in ms. */
  rtt: number | null;
  /** Bits per second. */
  bitrate: number | null;
  /** In percent. */
  packetLoss: number | null;
  /** In ms. */
  jitter: number | null;
  bytesSent?: number;
  bytesReceived?: number;
  fps?: number | null;
  resolution?: string | null;
  qualityLimitationReason?: string;
  framesDropped?: number | null;
  /** In percent. */
  framesDroppedRatio?: number | null;
  freezeCount?: number | null;
  /** In seconds. */
  totalFreezesDuration?: number | null;
}

/** How media flow in one direction. */
export interface PreCallDirectionQuality {
  /** The worse of audio and video. */
  quality: number;
  /** What lowers it: rtt, packetLoss, jitter, bandwidth, cpu, freeze, framesDropped. */
  factors: string[];
  audio: PreCallMediaQuality | null;
  video: PreCallMediaQuality | null;
}

/** How media flow to the server and back. */
export interface PreCallNetworkQuality {
  audioOnly: boolean;
  uplink: PreCallDirectionQuality;
  downlink: PreCallDirectionQuality;
}

/** What `runPreCallTest` resolves with. */
export interface PreCallTestResult {
  /** It was stopped before its end. */
  aborted: boolean;
  /** In ms, the checks of the devices included. */
  testDuration: number;
  /** Null where it was not checked; typed as published. */
  camera: PreCallDeviceReport;
  /** Null where the test was stopped before; typed as published. */
  microphone: PreCallDeviceReport;
  /** Null where no media flowed; typed as published. */
  networkQuality: PreCallNetworkQuality;
  /** Same as networkQuality, under the name of the published React declarations. */
  network: PreCallNetworkQuality;
  /** Each check in the order in which they were made. Ours. */
  checks: PreCallCheck[];
  /** Id of the report that the server keeps, which the console shows; "" where it did not take it. Ours. */
  reportId: string;
}

/**
 * What `runPreCallTest` rejects with, and the error of a device that cannot be used. `code` and `message` are the
 * published ones of the test; `fault` says what happened and what to do.
 */
export class PreCallTestError extends Error {
  code: string;
  /** The fault with its number, reason, detail and remedy. Ours. */
  readonly fault: VideoSDKError;
  /** Id of the report that the server keeps of the test; "" for none. Ours. */
  readonly reportId: string;

  /** @internal */
  constructor(code: string, message: string, fault: VideoSDKError, reportId = "") {
    super(message);
    this.name = "PreCallTestError";
    this.code = code;
    this.fault = fault;
    this.reportId = reportId;
  }
}

/** A running test, as the app holds it. */
export type PreCallTest = Promise<PreCallTestResult> & { stop(): Promise<void> };
