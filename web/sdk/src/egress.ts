import type { Emitter } from "./emitter.js";
import { type FaultContext, faults, VideoSDKError } from "./fault.js";
import type {
  HlsConfig,
  HlsState,
  HlsUrls,
  LivestreamConfig,
  LivestreamOutput,
  LivestreamState,
  MeetingEvents,
  RecordingConfig,
  RecordingState,
} from "./types.js";
import type { Welcome, WireEvent } from "./wire.js";

/** What egress asks of its meeting. */
export interface EgressHost {
  readonly events: Emitter<MeetingEvents>;
  request(method: string, params?: Readonly<Record<string, unknown>>, timeoutMs?: number): Promise<unknown>;
  where(): FaultContext;
}

// The server answers a start when the job runs, or after its own 12 s with why it does not.
const START_TIMEOUT_MS = 30_000;

const noUrls: HlsUrls = { playbackHlsUrl: null, livestreamUrl: null, downstreamUrl: null };

/** Egress is what leaves the meeting: its recording, livestream and HLS, with their states. */
export class Egress {
  recording: RecordingState = "";
  livestream: LivestreamState = "";
  hls: HlsState = "";
  urls: HlsUrls = noUrls;
  readonly #host: EgressHost;

  constructor(host: EgressHost) {
    this.#host = host;
  }

  /** Forgets the participation before. */
  reset(): void {
    this.recording = this.livestream = this.hls = "";
    this.urls = noUrls;
  }

  /** Takes over the states at the moment of entering. */
  enter({ recording, livestream, hls }: Welcome["egress"]): void {
    this.recording = recording.status;
    this.livestream = livestream.status;
    this.#setHls(hls);
  }

  /** Takes over the states of a new session. What ran when the old one was lost has stopped with it. */
  reenter({ recording, livestream, hls }: Welcome["egress"]): void {
    const recorded = recording.status || (this.recording && "RECORDING_STOPPED");
    if (recorded !== this.recording) this.event({ name: "recording-state-changed", data: { status: recorded } });
    const streamed = livestream.status || (this.livestream && "LIVESTREAM_STOPPED");
    if (streamed !== this.livestream) this.event({ name: "livestream-state-changed", data: { status: streamed } });
    const shown = hls.status || (this.hls && "HLS_STOPPED");
    if (shown !== this.hls) this.event({ name: "hls-state-changed", data: { ...hls, status: shown } });
  }

  /** Takes an event of the server; false when it is not about egress. */
  event({ name, data }: WireEvent): boolean {
    const { events } = this.#host;
    switch (name) {
      case "recording-state-changed":
        this.recording = data.status;
        events.emit(name, { status: data.status });
        if (data.status === "RECORDING_STARTED") events.emit("recording-started");
        if (data.status === "RECORDING_STOPPED") events.emit("recording-stopped");
        return true;
      case "livestream-state-changed":
        this.livestream = data.status;
        events.emit(name, { status: data.status });
        if (data.status === "LIVESTREAM_STARTED") events.emit("livestream-started");
        if (data.status === "LIVESTREAM_STOPPED") events.emit("livestream-stopped");
        return true;
      case "hls-state-changed":
        this.#setHls(data);
        events.emit(name, { status: data.status, ...this.urls });
        if (data.status === "HLS_STARTED") events.emit("hls-started", this.urls);
        if (data.status === "HLS_STOPPED") events.emit("hls-stopped");
        return true;
      default:
        return false;
    }
  }

  async startRecording(
    webhookUrl: string | null | undefined,
    awsDirPath: string | null | undefined,
    config: RecordingConfig | null | undefined,
  ): Promise<void> {
    const method = "startRecording";
    this.#check(method, "webhookUrl", webhookUrl, "string");
    this.#check(method, "awsDirPath", awsDirPath, "string");
    this.#check(method, "config", config, "object");
    await this.#start(method, { webhookUrl, awsDirPath, config });
  }

  async startLivestream(
    outputs: readonly LivestreamOutput[],
    config: LivestreamConfig | null | undefined,
  ): Promise<void> {
    const method = "startLivestream";
    if (isAbsent(outputs)) throw this.#error(faults.invalidParameterMissing, { method, parameter: "outputs" });
    this.#check(method, "outputs", outputs, "array");
    outputs.forEach((output: unknown, i) => {
      const at = `outputs[${i}]`;
      if (isAbsent(output)) throw this.#error(faults.invalidParameterMissing, { method, parameter: at });
      this.#check(method, at, output, "object");
      const { url, streamKey } = output as Partial<Record<string, unknown>>;
      this.#check(method, `${at}.url`, url, "string");
      this.#check(method, `${at}.streamKey`, streamKey, "string");
    });
    this.#check(method, "config", config, "object");
    await this.#start(method, { outputs: outputs.map(({ url, streamKey }) => ({ url, streamKey })), config });
  }

  async startHls(config: HlsConfig | null | undefined): Promise<void> {
    this.#check("startHls", "config", config, "object");
    await this.#start("startHls", { config });
  }

  async stop(method: "stopRecording" | "stopLivestream" | "stopHls"): Promise<void> {
    await this.#host.request(method);
  }

  async #start(method: string, params: Readonly<Record<string, unknown>>): Promise<void> {
    // null stands for an absent positional argument, as published; on the wire it is absent.
    const given = Object.entries(params).filter(([, value]) => !isAbsent(value));
    await this.#host.request(method, Object.fromEntries(given), START_TIMEOUT_MS);
  }

  #check(method: string, parameter: string, value: unknown, want: "string" | "object" | "array"): void {
    const got = Array.isArray(value) ? "array" : typeof value;
    if (isAbsent(value) || got === want) return;
    throw this.#error(faults.invalidParameterWrongType, { method, parameter, got, want });
  }

  #error<D>(
    make: (details: D, at: FaultContext) => ConstructorParameters<typeof VideoSDKError>[0],
    details: D,
  ): VideoSDKError {
    return new VideoSDKError(make(details, this.#host.where()));
  }

  #setHls({ status, playbackHlsUrl, livestreamUrl, downstreamUrl }: Welcome["egress"]["hls"]): void {
    this.hls = status;
    this.urls = {
      playbackHlsUrl: playbackHlsUrl || null,
      livestreamUrl: livestreamUrl || null,
      downstreamUrl: downstreamUrl || null,
    };
  }
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
