import type { PreCallCheck, PreCallCheckName, PreCallNetworkQuality, PreCallTest, PreCallTestError } from "@klatch/sdk";
import { signal } from "@preact/signals";
import { Level } from "./level";
import { playTone } from "./tone";

type SDK = typeof import("@klatch/sdk");

/** How long media flow, in ms. */
const SAMPLING_MS = 12_000;

/** asking: nothing has begun; running; done: with an outcome. */
export type Phase = "asking" | "running" | "done";

const names: readonly PreCallCheckName[] = [
  "camera",
  "microphone",
  "speaker",
  "signaling",
  "udp",
  "tcp",
  "turn",
  "network",
];

/** One test from the first click to its outcome, as the page shows it. */
export class Run {
  readonly #base: string;
  readonly token = signal("");
  readonly phase = signal<Phase>("asking");
  readonly speaker = signal<"untested" | "playing" | "asked" | "heard" | "silent">("untested");
  readonly withCamera = signal(true);
  readonly checks = signal<ReadonlyMap<PreCallCheckName, PreCallCheck>>(new Map());
  readonly preview = signal<MediaStream | undefined>(undefined);
  /** Of the microphone, 0 to 1. */
  readonly level = signal(0);
  /** Of the network check, 0 to 1. */
  readonly progress = signal(0);
  readonly quality = signal<PreCallNetworkQuality | undefined>(undefined);
  readonly reportId = signal("");
  readonly aborted = signal(false);
  /** Why the test could not go on, where no check says it. */
  readonly failure = signal("");
  /** No link has brought a token. */
  readonly needsToken: boolean;
  #test: PreCallTest | undefined;

  constructor(base: string, token: string) {
    this.#base = base;
    this.token.value = token;
    this.needsToken = token === "";
  }

  get base(): string {
    return this.#base;
  }

  async tone(): Promise<void> {
    this.speaker.value = "playing";
    try {
      await playTone();
    } catch {
      // no tone was heard, which is what is asked next
    }
    this.speaker.value = "asked";
  }

  async start(): Promise<void> {
    this.phase.value = "running";
    this.checks.value = new Map(names.map((name) => [name, { name, status: "skipped", durationMs: -1 } as const]));
    this.progress.value = 0;
    this.quality.value = undefined;
    this.reportId.value = "";
    this.failure.value = "";
    this.aborted.value = false;
    let level: Level | undefined;
    let opened: readonly (MediaStream | undefined)[] = [];
    try {
      const sdk = await this.#load();
      const camera = this.withCamera.value ? await quietly(sdk.VideoSDK.createCameraVideoTrack()) : undefined;
      const microphone = await quietly(sdk.VideoSDK.createMicrophoneAudioTrack());
      opened = [camera, microphone];
      this.preview.value = camera;
      if (microphone) level = new Level(microphone, (now) => (this.level.value = now));
      const { speaker } = this;
      const began = { at: 0 };
      this.#test = sdk.VideoSDK.runPreCallTest({
        token: this.token.value,
        samplingDuration: SAMPLING_MS,
        audioOnly: !this.withCamera.value,
        ...(camera && { videoTrack: camera }),
        ...(microphone && { audioTrack: microphone }),
        ...((speaker.value === "heard" || speaker.value === "silent") && { speakerHeard: speaker.value === "heard" }),
        onCheckChange: (check) => {
          if (check.name === "network" && check.status === "running") began.at = Date.now();
          this.checks.value = new Map(this.checks.value).set(check.name, check);
        },
        onStatsChange: (stats) => {
          this.progress.value = Math.min(1, (Date.now() - began.at) / SAMPLING_MS);
          this.quality.value = stats as PreCallNetworkQuality;
        },
      });
      const result = await this.#test;
      this.aborted.value = result.aborted;
      this.quality.value = result.networkQuality ?? undefined;
      this.reportId.value = result.reportId;
    } catch (thrown) {
      const failed = thrown as Partial<PreCallTestError>;
      this.reportId.value = failed.reportId ?? "";
      const { fault } = failed;
      const told = [...this.checks.value.values()].some((check) => check.fault?.id === fault?.id);
      if (!fault) this.failure.value = String(thrown);
      else if (!told) this.failure.value = `${fault.detail} ${fault.remedy}`;
    } finally {
      level?.close();
      for (const stream of opened) for (const track of stream?.getTracks() ?? []) track.stop();
      this.preview.value = undefined;
      this.level.value = 0;
      this.#test = undefined;
      this.phase.value = "done";
    }
  }

  stop(): void {
    void this.#test?.stop();
  }

  async #load(): Promise<SDK> {
    const address = `${this.#base}/sdk/klatch.mjs`;
    const sdk = (await import(/* @vite-ignore */ address)) as SDK;
    sdk.VideoSDK.config(this.token.value, { serverUrl: this.#base });
    return sdk;
  }
}

/** What cannot be opened is tried again by the test, which says why. */
const quietly = (opening: Promise<MediaStream>): Promise<MediaStream | undefined> => opening.catch(() => undefined);
