import type { Emitter } from "./emitter.js";
import type { FaultContext } from "./fault.js";
import { type Call, checkArgument, checkOptions, isAbsent, requireArgument, type Rule, type Rules } from "./options.js";
import { checkTranscription } from "./unoffered.js";
import type { MeetingEvents } from "./meetingevents.js";
import type {
  CompositionConfig,
  HlsConfig,
  HlsState,
  HlsUrls,
  LivestreamConfig,
  LivestreamOutput,
  LivestreamState,
  RecordingConfig,
  RecordingState,
  TranscriptionConfig,
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

const noUrls: HlsUrls = {};

// Names and types: of the values the server knows which fit, and which fit each other.
const transcription: Rule = {
  fields: { enabled: "boolean", summary: { fields: { enabled: "boolean", prompt: "string" } }, language: "string" },
};
const recording: Rule = { fields: { enabled: "boolean" } };
const composition: Rules<CompositionConfig> = {
  layout: {
    fields: {
      type: "string",
      priority: "string",
      gridSize: (size, parameter, call) => {
        if (!isNumeral(size)) checkArgument(call, parameter, size, "number");
      },
    },
  },
  theme: "string",
  quality: "string",
  orientation: "string",
  transcription,
};
const recordingConfig: Rules<RecordingConfig> = { ...composition, fileFormat: "string", mode: "string" };
const livestreamConfig: Rules<LivestreamConfig> = { ...composition, mode: "string", recording };
const hlsConfig: Rules<HlsConfig> = { ...composition, mode: "string", recording };
const output: Rules<LivestreamOutput> = { url: "string", streamKey: "string" };

/** Egress is what leaves the meeting: its recording, livestream and HLS, with their states. */
export class Egress {
  recording: RecordingState = "RECORDING_STOPPED";
  livestream: LivestreamState = "LIVESTREAM_STOPPED";
  hls: HlsState = "HLS_STOPPED";
  urls: HlsUrls = noUrls;
  readonly #host: EgressHost;

  constructor(host: EgressHost) {
    this.#host = host;
  }

  /** Forgets the participation before. */
  reset(): void {
    this.recording = "RECORDING_STOPPED";
    this.livestream = "LIVESTREAM_STOPPED";
    this.hls = "HLS_STOPPED";
    this.urls = noUrls;
  }

  /** Takes over the states at the moment of entering. */
  enter({ recording, livestream, hls }: Welcome["egress"]): void {
    this.recording = recording.status || "RECORDING_STOPPED";
    this.livestream = livestream.status || "LIVESTREAM_STOPPED";
    this.#setHls(hls);
  }

  /** Takes over the states of a new session. What ran when the old one was lost has stopped with it. */
  reenter({ recording, livestream, hls }: Welcome["egress"]): void {
    const recorded = recording.status || "RECORDING_STOPPED";
    if (recorded !== this.recording)
      this.event({ name: "recording-state-changed", data: { status: recorded, fileUrl: undefined } });
    const streamed = livestream.status || "LIVESTREAM_STOPPED";
    if (streamed !== this.livestream) this.event({ name: "livestream-state-changed", data: { status: streamed } });
    const shown = hls.status || "HLS_STOPPED";
    if (shown !== this.hls) this.event({ name: "hls-state-changed", data: { ...hls, status: shown } });
  }

  /** Takes an event of the server; false when it is not about egress. */
  event({ name, data }: WireEvent): boolean {
    const { events } = this.#host;
    switch (name) {
      case "recording-state-changed":
        this.recording = data.status || "RECORDING_STOPPED";
        events.emit(name, {
          status: this.recording,
          ...(data.fileUrl !== undefined && { fileUrl: data.fileUrl }),
        });
        if (data.status === "RECORDING_STARTED") events.emit("recording-started");
        if (data.status === "RECORDING_STOPPED") events.emit("recording-stopped");
        return true;
      case "livestream-state-changed":
        this.livestream = data.status || "LIVESTREAM_STOPPED";
        events.emit(name, { status: this.livestream });
        if (data.status === "LIVESTREAM_STARTED") events.emit("livestream-started");
        if (data.status === "LIVESTREAM_STOPPED") events.emit("livestream-stopped");
        return true;
      case "hls-state-changed":
        this.#setHls(data);
        // Typed as published: the URLs are absent while there is no HLS.
        events.emit(name, { status: this.hls, ...(this.urls as Required<HlsUrls>) });
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
    transcribed: TranscriptionConfig | null | undefined,
  ): Promise<void> {
    const call = this.#call("startRecording");
    checkArgument(call, "webhookUrl", webhookUrl, "string");
    checkArgument(call, "awsDirPath", awsDirPath, "string");
    checkConfig<RecordingConfig>(call, config, recordingConfig, transcribed);
    await this.#start(call.method, { webhookUrl, awsDirPath, config: withNumber(config) });
  }

  async startLivestream(
    outputs: readonly LivestreamOutput[],
    config: LivestreamConfig | null | undefined,
  ): Promise<void> {
    const call = this.#call("startLivestream");
    requireArgument(call, "outputs", outputs);
    checkArgument(call, "outputs", outputs, "array");
    outputs.forEach((one: unknown, i) => {
      requireArgument(call, `outputs[${i}]`, one);
      checkArgument(call, `outputs[${i}]`, one, { fields: output });
    });
    checkConfig<LivestreamConfig>(call, config, livestreamConfig, undefined);
    await this.#start(call.method, { outputs, config: withNumber(config) });
  }

  async startHls(
    config: HlsConfig | null | undefined,
    transcribed: TranscriptionConfig | null | undefined,
  ): Promise<void> {
    const call = this.#call("startHls");
    checkConfig<HlsConfig>(call, config, hlsConfig, transcribed);
    await this.#start(call.method, { config: withNumber(config) });
  }

  async stop(method: "stopRecording" | "stopLivestream" | "stopHls"): Promise<void> {
    await this.#host.request(method);
  }

  async #start(method: string, params: Readonly<Record<string, unknown>>): Promise<void> {
    // null stands for an absent positional argument, as published; on the wire it is absent.
    const given = Object.entries(params).filter(([, value]) => !isAbsent(value));
    await this.#host.request(method, Object.fromEntries(given), START_TIMEOUT_MS);
  }

  #call(method: string): Call {
    return { method, at: this.#host.where() };
  }

  #setHls({ status, playbackHlsUrl, livestreamUrl, downstreamUrl }: Welcome["egress"]["hls"]): void {
    this.hls = status || "HLS_STOPPED";
    this.urls = {
      ...(playbackHlsUrl && { playbackHlsUrl }),
      ...(livestreamUrl && { livestreamUrl }),
      ...(downstreamUrl && { downstreamUrl }),
    };
  }
}

/** Makes a number of a gridSize that is text: the vendor's quick start `react-hls` writes "20". */
function withNumber<Config extends CompositionConfig>(config: Config | null | undefined): typeof config {
  const size: unknown = config?.layout?.gridSize;
  if (!config || !isNumeral(size)) return config;
  return { ...config, layout: { ...config.layout, gridSize: Number(size) } };
}

function isNumeral(value: unknown): value is string {
  return typeof value === "string" && /^\d+$/.test(value);
}

/** Checks a config and the transcription beside it, which is refused where it is enabled. */
function checkConfig<Config extends CompositionConfig>(
  call: Call,
  config: Config | null | undefined,
  rules: Rules<Config>,
  transcribed: TranscriptionConfig | null | undefined,
): void {
  checkArgument(call, "config", config, "object");
  checkArgument(call, "transcription", transcribed, transcription);
  checkTranscription(call.method, transcribed);
  if (!isAbsent(config)) {
    checkOptions<Config>(call, "config", config, rules, "config");
    checkTranscription(call.method, config.transcription);
  }
}
