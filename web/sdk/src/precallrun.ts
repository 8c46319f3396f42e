// The pre-call test. It is a script of its own, which `runPreCallTest` loads.

import type { VideoSDKError } from "./fault.js";
import { preCallFaults } from "./faults.gen.js";
import type { Rules } from "./options.js";
import type { PreCallKit } from "./precallkit.js";
import type {
  PreCallCheck,
  PreCallCheckName,
  PreCallDeviceReport,
  PreCallNetworkQuality,
  PreCallTestError,
  PreCallTestOptions,
  PreCallTestResult,
} from "./precallresult.js";
import { codecOf, pairOf, qualityBetween, type Sample } from "./precallquality.js";
import { End, pause, Stopped, type TestContext, unlessStopped, Way, type WayOptions } from "./precallway.js";

const SAMPLE_MS = 1_000;
/** The estimates of bandwidth grow at first, which says nothing of the network. */
const RAMP_UP_MS = 3_000;
const LEVEL_MS = 800;
const PINGS = 5;
const REPORT_TIMEOUT_MS = 5_000;
/** Past this share of lost packets, in percent, pictures freeze and words are missing. */
const MAX_LOSS = 5;

const ways: readonly { readonly name: "udp" | "tcp" | "turn"; readonly way: WayOptions }[] = [
  { name: "udp", way: { protocol: "UDP_ONLY", relayed: false } },
  { name: "tcp", way: { protocol: "TCP_ONLY", relayed: false } },
  { name: "turn", way: { protocol: "UDP_OVER_TCP", relayed: true } },
];

type Values = Record<string, number>;
/** What a check found, where it did not fail. */
interface Found {
  readonly status?: "skipped";
  readonly device?: string;
  readonly values?: Values;
}

const method = "runPreCallTest";
const shortest = 10_000;
const longest = 120_000;

/** Runs a test. Rejects with a PreCallTestError, also for options that are wrong. */
export function run(
  kit: PreCallKit,
  options: PreCallTestOptions,
  serverUrl: string,
  signal: AbortSignal,
): Promise<PreCallTestResult> {
  try {
    checkTest(kit, options);
  } catch (fault) {
    if (!(fault instanceof kit.VideoSDKError)) throw fault;
    const { parameter } = fault.details as { readonly parameter?: string };
    const code = `ERROR_PRECALL_INVALID_${parameter === "token" ? "TOKEN" : "CONFIG"}`;
    return Promise.reject(new kit.PreCallTestError(code, fault.message, fault));
  }
  const samplingDuration = options.samplingDuration ?? 15_000;
  return new Test(kit, { ...options, samplingDuration }, serverUrl, signal).run();
}

function checkTest(kit: PreCallKit, options: PreCallTestOptions): void {
  const call = { method };
  const rules: Rules<PreCallTestOptions> = {
    token: "string",
    samplingDuration: "number",
    audioOnly: "boolean",
    videoTrack: "object",
    audioTrack: "object",
    videoConfig: (given) => kit.checkCameraOptions(call, given, "videoConfig"),
    audioConfig: (given) => kit.checkMicrophoneOptions(call, given, "audioConfig"),
    onStatsChange: "function",
    onCheckChange: "function",
    speakerHeard: "boolean",
  };
  kit.requireArgument(call, "options", options);
  kit.requireToken(call, options.token);
  kit.checkOptions<PreCallTestOptions>(call, "options", options, rules);
  const { samplingDuration, audioOnly } = options;
  const { faults, VideoSDKError } = kit;
  if (samplingDuration != null && !(samplingDuration >= shortest && samplingDuration <= longest)) {
    const wrong = { method, parameter: "samplingDuration", got: String(samplingDuration) };
    throw new VideoSDKError(faults.invalidParameterOutOfRange({ ...wrong, want: `${shortest} to ${longest} ms` }));
  }
  const conflict = (parameter: keyof PreCallTestOptions, other: string, is: unknown): void => {
    if (is && options[parameter] != null)
      throw new VideoSDKError(faults.invalidParameterConflict({ method, parameter, other }));
  };
  conflict("videoConfig", "videoTrack", options.videoTrack);
  conflict("audioConfig", "audioTrack", options.audioTrack);
  conflict("videoTrack", "audioOnly: true", audioOnly);
  conflict("videoConfig", "audioOnly: true", audioOnly);
}

class Test {
  readonly #kit: PreCallKit;
  readonly #options: PreCallTestOptions & { readonly samplingDuration: number };
  readonly #serverUrl: string;
  readonly #signal: AbortSignal;
  readonly #testId = Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) =>
    n.toString(16).padStart(2, "0"),
  ).join("");
  readonly #began = Date.now();
  readonly #checks: PreCallCheck[] = [];
  /** Streams that the test has opened itself. */
  readonly #opened: MediaStream[] = [];
  #camera: PreCallDeviceReport | null = null;
  #microphone: PreCallDeviceReport | null = null;
  #quality: PreCallNetworkQuality | null = null;

  constructor(
    kit: PreCallKit,
    options: PreCallTestOptions & { readonly samplingDuration: number },
    serverUrl: string,
    signal: AbortSignal,
  ) {
    this.#kit = kit;
    this.#options = options;
    this.#serverUrl = serverUrl;
    this.#signal = signal;
  }

  async run(): Promise<PreCallTestResult> {
    let failure: PreCallTestError | undefined;
    try {
      failure = await this.#all();
    } catch (thrown) {
      if (!(thrown instanceof Stopped)) {
        this.#stopOpened();
        throw thrown;
      }
    }
    const aborted = this.#signal.aborted;
    if (aborted || failure) this.#stopOpened();
    const testDuration = Date.now() - this.#began;
    const reportId = await this.#report(aborted, testDuration);
    if (failure && !aborted) {
      throw new this.#kit.PreCallTestError(failure.code, failure.message, failure.fault, reportId);
    }
    const result = {
      aborted,
      testDuration,
      camera: this.#camera,
      microphone: this.#microphone,
      networkQuality: this.#quality,
      network: this.#quality,
      checks: this.#checks,
      reportId,
    };
    return result as PreCallTestResult; // typed as published, without the null that parts may be
  }

  /** Makes all checks, and returns what keeps the test from going on, where something does. */
  async #all(): Promise<PreCallTestError | undefined> {
    const { audioOnly, speakerHeard } = this.#options;
    if (audioOnly) this.#skip("camera");
    else this.#camera = await this.#device("camera", () => this.#openCamera());
    this.#microphone = await this.#device("microphone", () => this.#openMicrophone());
    if (speakerHeard === undefined) this.#skip("speaker");
    else await this.#check("speaker", () => this.#speaker(speakerHeard));
    const error = this.#microphone?.error ?? this.#camera?.error;
    if (!this.#camera?.status && !this.#microphone?.status) {
      if (!error) throw new Stopped();
      return this.#failed("ERROR_PRECALL_MEDIA_CHECK_FAILED", error.fault);
    }

    let relays = 0;
    const unreached = await this.#check("signaling", async () => {
      const { relays: named, ...found } = await this.#signaling();
      relays = named;
      return found;
    });
    if (unreached) {
      for (const { name } of ways) this.#skip(name);
      this.#skip("network");
      return this.#failed(
        tokenRefused(unreached) ? "ERROR_PRECALL_INVALID_TOKEN" : "ERROR_PRECALL_TEST_FAILED",
        unreached,
      );
    }
    let blocked: VideoSDKError | undefined;
    let passed = 0;
    for (const { name, way } of ways) {
      if (name === "turn" && relays === 0) {
        this.#skip(name);
        continue;
      }
      const fault = await this.#check(name, () => this.#way(way));
      if (fault) blocked ??= fault;
      else passed++;
    }
    if (passed === 0 && blocked) {
      this.#skip("network");
      return this.#failed("ERROR_PRECALL_TEST_FAILED", blocked);
    }
    const network = await this.#check("network", () => this.#network());
    return network && !this.#quality ? this.#failed("ERROR_PRECALL_TEST_FAILED", network) : undefined;
  }

  #failed(code: string, fault: VideoSDKError): PreCallTestError {
    return new this.#kit.PreCallTestError(code, fault.message, fault);
  }

  // ---- checks

  #tell(check: PreCallCheck): void {
    const at = this.#checks.findIndex(({ name }) => name === check.name);
    if (at < 0) this.#checks.push(check);
    else this.#checks[at] = check;
    this.#call(() => this.#options.onCheckChange?.(check));
  }

  /** A listener of the app that throws harms nobody else. */
  #call(listener: () => void): void {
    try {
      listener();
    } catch (failure) {
      reportError(failure);
    }
  }

  #skip(name: PreCallCheckName): void {
    this.#tell({ name, status: "skipped", durationMs: 0 });
  }

  /** Makes a check, and returns the fault of one that failed. Throws Stopped. */
  async #check(name: PreCallCheckName, make: () => Promise<Found>): Promise<VideoSDKError | undefined> {
    if (this.#signal.aborted) throw new Stopped();
    const began = Date.now();
    this.#tell({ name, status: "running", durationMs: 0 });
    const done = (): number => Date.now() - began;
    try {
      const { status = "passed", ...found } = await make();
      this.#tell({ name, status, durationMs: done(), ...found });
      return undefined;
    } catch (failure) {
      if (failure instanceof Stopped || this.#signal.aborted) {
        this.#tell({ name, status: "aborted", durationMs: done() });
        throw new Stopped();
      }
      if (!(failure instanceof this.#kit.VideoSDKError)) throw failure;
      this.#kit.log("WARN", String(failure));
      this.#tell({ name, status: "failed", durationMs: done(), fault: failure });
      return failure;
    }
  }

  async #device(
    name: "camera" | "microphone",
    open: () => Promise<{ readonly report: PreCallDeviceReport; readonly found: Found }>,
  ): Promise<PreCallDeviceReport | null> {
    let report: PreCallDeviceReport | null = null;
    const fault = await this.#check(name, async () => {
      const opened = await unlessStopped(this.#signal, open());
      report = opened.report;
      return opened.found;
    });
    return fault ? { status: false, error: this.#failed(fault.name, fault) } : report;
  }

  #stopOpened(): void {
    for (const stream of this.#opened) for (const track of stream.getTracks()) track.stop();
  }

  /** Keeps a stream that was opened, unless the test was stopped meanwhile. */
  #keep(stream: MediaStream): MediaStream {
    this.#opened.push(stream);
    if (this.#signal.aborted) this.#stopOpened();
    return stream;
  }

  async #openCamera(): Promise<{ readonly report: PreCallDeviceReport; readonly found: Found }> {
    const { videoTrack, videoConfig } = this.#options;
    const stream = videoTrack ?? this.#keep(await this.#kit.createCameraVideoTrack(videoConfig));
    const track = this.#kit.trackOf(stream, "video", "runPreCallTest", {});
    const { width = 0, height = 0, frameRate = 0 } = track.getSettings();
    const fps = Math.round(frameRate);
    return {
      report: {
        status: true,
        track: stream,
        ...(width > 0 && { captureResolution: `${width}x${height}` }),
        ...(fps > 0 && { fps }),
      },
      found: { device: track.label, values: { width, height, fps } },
    };
  }

  async #openMicrophone(): Promise<{ readonly report: PreCallDeviceReport; readonly found: Found }> {
    const { audioTrack, audioConfig } = this.#options;
    const stream = audioTrack ?? this.#keep(await this.#kit.createMicrophoneAudioTrack(audioConfig));
    const track = this.#kit.trackOf(stream, "audio", "runPreCallTest", {});
    const level = await levelOf(track, LEVEL_MS);
    return {
      report: { status: true, track: stream, ...(level !== undefined && { level }) },
      found: { device: track.label, ...(level !== undefined && { values: { level } }) },
    };
  }

  #speaker(heard: boolean): Promise<Found> {
    const { build, VideoSDKError } = this.#kit;
    if (heard) return Promise.resolve({});
    const details = { device: "the output of the system", playedMs: 1000 };
    return Promise.reject(new VideoSDKError(preCallFaults(build).unsupportedEnvironmentNoSoundHeard(details)));
  }

  #context(): TestContext {
    const tracks = [this.#microphone?.track?.getAudioTracks()[0], this.#camera?.track?.getVideoTracks()[0]];
    return {
      kit: this.#kit,
      serverUrl: this.#serverUrl,
      token: this.#options.token,
      testId: this.#testId,
      tracks: tracks.filter((track) => track !== undefined),
      signal: this.#signal,
    };
  }

  async #signaling(): Promise<Found & { readonly relays: number }> {
    const began = performance.now();
    const end = new End(this.#context());
    try {
      await unlessStopped(this.#signal, Promise.race([end.join("SIGNALLING_ONLY"), end.ended]));
      const connectMs = performance.now() - began;
      const trips: number[] = [];
      for (let n = 0; n < PINGS; n++) {
        const sent = performance.now();
        await unlessStopped(this.#signal, Promise.race([end.request("ping"), end.ended]));
        trips.push(performance.now() - sent);
      }
      trips.sort((a, b) => a - b);
      const rttMs = trips[PINGS >> 1] ?? 0;
      return { relays: end.iceServers.length, values: { connectMs: tenths(connectMs), rttMs: tenths(rttMs) } };
    } finally {
      await end.leave();
    }
  }

  async #way(options: WayOptions): Promise<Found> {
    const way = new Way(this.#context(), options);
    const began = Date.now();
    try {
      await way.open();
      const connectMs = Date.now() - began;
      const trip = pairOf((await way.counted()).sent)?.currentRoundTripTime;
      return { values: { connectMs, ...(trip !== undefined && { rttMs: tenths(trip * 1000) }) } };
    } finally {
      await way.close();
    }
  }

  /** Sends for as long as was asked, as a meeting would, and measures. */
  async #network(): Promise<Found> {
    const context = this.#context();
    const kinds = context.tracks.map(({ kind }) => kind as "audio" | "video");
    const way = new Way(context, { protocol: "UDP_OVER_TCP", relayed: false });
    const { samplingDuration, onStatsChange } = this.#options;
    const sample = async (): Promise<Sample> => ({ atMs: performance.now(), ...(await way.counted()) });
    try {
      await way.open();
      const first = await sample();
      let base = first;
      let last = first;
      while (last.atMs - first.atMs < samplingDuration) {
        const rest = samplingDuration - (last.atMs - first.atMs);
        await unlessStopped(this.#signal, Promise.race([pause(Math.min(SAMPLE_MS, rest)), way.ended]));
        const next = await sample();
        const stats = qualityBetween(last, next, kinds);
        if (onStatsChange) this.#call(() => onStatsChange(stats));
        if (next.atMs - first.atMs <= RAMP_UP_MS) base = next;
        last = next;
      }
      const quality = qualityBetween(base, last, kinds);
      this.#quality = quality;
      const audio = codecOf(last.sent, "audio");
      const video = codecOf(last.sent, "video");
      if (this.#microphone && audio) this.#microphone.codec = audio;
      if (this.#camera && video) this.#camera.codec = video;
      const values = summary(quality, last);
      const protocol = last.sent.find(({ id }) => id === pairOf(last.sent)?.localCandidateId)?.protocol ?? "udp";
      if ((values["packetLoss"] ?? 0) > MAX_LOSS) {
        const { build, VideoSDKError } = this.#kit;
        throw new VideoSDKError(
          preCallFaults(build).serverCheckFailedLoss({
            way: protocol.toUpperCase(),
            percent: values["packetLoss"] ?? 0,
            rttMs: Math.round(values["rttMs"] ?? 0),
          }),
        );
      }
      return { values };
    } finally {
      await way.close();
    }
  }

  // ---- the report

  /** Has the server keep what was found, and returns the id of the report; "" where it does not take it. */
  async #report(aborted: boolean, durationMs: number): Promise<string> {
    const { kit } = this.#context();
    const report = {
      testId: this.#testId,
      aborted,
      audioOnly: this.#options.audioOnly === true,
      durationMs,
      checks: this.#checks.map(({ fault, ...check }) => ({
        ...check,
        ...(check.device && { device: check.device.slice(0, 200) }),
        ...(fault && { fault: { code: fault.code, reason: fault.reason, id: fault.id, details: fault.details } }),
      })),
      networkQuality: this.#quality ?? undefined,
      client: {
        sdkType: "js",
        sdkVersion: kit.version,
        platform: navigator.platform,
        browserUserAgent: navigator.userAgent,
      },
    };
    try {
      const response = await fetch(`${kit.readAddress(this.#serverUrl, location).base}/v2/pre-call-tests`, {
        method: "POST",
        headers: { Authorization: this.#options.token, "Content-Type": "application/json" },
        body: JSON.stringify(report, (_, value: unknown) => (value === null ? undefined : value)),
        credentials: "omit",
        signal: AbortSignal.timeout(REPORT_TIMEOUT_MS),
      });
      const answer: unknown = await response.json();
      if (response.ok) return (answer as { readonly id: string }).id;
      kit.log("WARN", `the report of the test was not kept: ${JSON.stringify(answer)}`);
    } catch (failure) {
      kit.log("WARN", "the report of the test was not sent", failure);
    }
    return "";
  }
}

/** Codes with which the server refuses a token. */
const tokenRefused = ({ code }: VideoSDKError): boolean => [4001, 4002, 4006, 4007, 4008, 4024, 4053].includes(code);

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

/** The numbers of the network check. */
function summary({ uplink, downlink }: PreCallNetworkQuality, last: Sample): Values {
  const up = [uplink.audio, uplink.video];
  const down = [downlink.audio, downlink.video];
  const of = (media: typeof up, name: "bitrate" | "packetLoss" | "jitter" | "rtt"): number[] =>
    media.map((one) => one?.[name]).filter((value) => typeof value === "number");
  const values: Values = {};
  const set = (name: string, from: readonly number[], join: (all: readonly number[]) => number): void => {
    if (from.length > 0) values[name] = join(from);
  };
  const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);
  const worst = (all: readonly number[]): number => Math.max(...all);
  set("uplinkBps", of(up, "bitrate"), sum);
  set("downlinkBps", of(down, "bitrate"), sum);
  set("packetLoss", [...of(up, "packetLoss"), ...of(down, "packetLoss")], worst);
  set("jitterMs", [...of(up, "jitter"), ...of(down, "jitter")], worst);
  set("rttMs", [...of(up, "rtt"), ...of(down, "rtt")], worst);
  const available = pairOf(last.sent)?.availableOutgoingBitrate;
  if (available !== undefined) values["availableBps"] = Math.round(available);
  return values;
}

/** The loudest that a track gives in that time, from 0 to 1; undefined where the browser does not let it be heard. */
async function levelOf(track: MediaStreamTrack, ms: number): Promise<number | undefined> {
  const audio = new AudioContext();
  try {
    if (audio.state !== "running") await Promise.race([audio.resume(), pause(200)]);
    if (audio.state !== "running") return undefined; // without a click: the autoplay policy
    const analyser = audio.createAnalyser();
    audio.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    const wave = new Float32Array(analyser.fftSize);
    let loudest = 0;
    for (const until = Date.now() + ms; Date.now() < until; await pause(50)) {
      analyser.getFloatTimeDomainData(wave);
      loudest = Math.max(loudest, Math.sqrt(wave.reduce((sum, x) => sum + x * x, 0) / wave.length));
    }
    return Math.round(Math.min(1, loudest) * 1000) / 1000;
  } catch {
    return undefined;
  } finally {
    void audio.close().catch(() => undefined);
  }
}
