import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type {
  CameraTrackOptions,
  CaptureOptions,
  HlsConfig,
  LivestreamConfig,
  LivestreamOutput,
  Meeting,
  MeetingOptions,
  MicrophoneTrackOptions,
  NetworkStatsOptions,
  PreCallTestOptions,
  PublishOptions,
  RecordingConfig,
  RenderAudioOptions,
  RenderVideoOptions,
  ScreenShareTrackOptions,
  SendOptions,
  ServerOptions,
  SimulateOptions,
  SubscribeOptions,
  TranscriptionConfig,
} from "../src/index.js";
import { PreCallTestError, VideoSDK, VideoSDKError } from "../src/index.js";
import type { FetchOptions, UploadOptions } from "../src/files.js";
import type { SwitchOptions, TopicListeners } from "../src/types.js";
import { browser, closeAll, meeting } from "./environment.js";
import { ScriptedServer } from "./server.js";

// Nothing is taken and ignored. Every option of every call is refused by its name where it has another type or is
// misspelled, and has a test that sets it and sees what it does. An option without a line here does not compile;
// options that a call checks, and that are not here, fail the last test.

let server: ScriptedServer;

beforeEach(async () => {
  browser();
  server = await ScriptedServer.start();
});

afterEach(async () => {
  await closeAll();
  await server.close();
});

/**
 * A value of a type that the option does not have, and what sees the effect: the file of a test that sets the option,
 * or a value of it with which the call asks something else of the server, or is refused. An inert one belongs to a
 * switch that is refused when it is on.
 */
type Option = readonly [wrong: unknown, seen: string | { readonly value: unknown } | "inert"];

interface Walk {
  /** Makes the call with these options, which are wrong, beside those that it must have. */
  readonly give: (wrong: object, joined: Meeting) => unknown;
  readonly options: Readonly<Record<string, Option>>;
  /** What the options are called in a fault, before their names. */
  readonly prefix?: string;
}

function walk<Options>(
  give: Walk["give"],
  options: { readonly [Name in keyof Required<Options>]: Option },
  prefix = "",
): Walk {
  return { give, options: options as Walk["options"], prefix };
}

const published = "e2e/published/testdata";
const options = `${published}/apps/options.ts`;
const tracks = `${published}/tracks.ts`;
const precall = "e2e/clients/precall_test.go";
const delivery = "web/sdk/test/data.test.ts";
const switching = "e2e/faults/browser_test.go";
const files = `${published}/files.ts`;
const pictures = `${published}/participants.ts`;

const value = (of: unknown): { readonly value: unknown } => ({ value: of });

const composition = {
  theme: [1, value("LIGHT")],
  quality: [1, value("high")],
  orientation: [1, value("portrait")],
  layout: ["GRID", value({ type: "SPOTLIGHT" })],
  transcription: [1, value({ enabled: true })],
} as const satisfies Record<string, Option>;

const walks: Readonly<Record<string, Walk>> = {
  ServerOptions: walk<ServerOptions>((wrong) => VideoSDK.config("t", wrong), { serverUrl: [1, options] }),
  MeetingOptions: walk<MeetingOptions>((wrong) => VideoSDK.initMeeting({ meetingId: "m", ...wrong }), {
    meetingId: [1, options],
    participantId: [1, options],
    name: [1, options],
    micEnabled: [1, options],
    webcamEnabled: [1, options],
    mode: [1, options],
    metaData: [1, options],
    autoConsume: [1, options],
    customCameraVideoTrack: [1, options],
    customMicrophoneAudioTrack: [1, options],
    maxResolution: [1, options],
    multiStream: [1, options],
    maxLayer: ["three", options],
    preferredProtocol: [1, options],
    debugMode: [1, options],
    defaultCamera: [1, options],
    codecSwitchEnabled: [1, `${published}/entry.ts`],
    signalingBaseUrl: [1, options],
    pubsubWorkerUrl: [1, options],
    serverUrl: [1, options],
    traceparent: [1, options],
    tracer: [1, "web/sdk/test/tracing.test.ts"],
  }),
  SwitchOptions: walk<SwitchOptions>((wrong, m) => m.switchTo({ meetingId: "other", ...wrong }), {
    meetingId: [1, switching],
    token: [1, switching],
  }),
  CameraTrackOptions: walk<CameraTrackOptions>((wrong) => VideoSDK.createCameraVideoTrack(wrong), {
    cameraId: [1, tracks],
    facingMode: [1, tracks],
    encoderConfig: [1, tracks],
    optimizationMode: [1, tracks],
    bitrateMode: [1, tracks],
    codec: [1, tracks],
    multiStream: [1, tracks],
    maxLayer: ["three", tracks],
  }),
  MicrophoneTrackOptions: walk<MicrophoneTrackOptions>((wrong) => VideoSDK.createMicrophoneAudioTrack(wrong), {
    microphoneId: [1, tracks],
    encoderConfig: [1, tracks],
    noiseConfig: [1, tracks],
  }),
  "MicrophoneTrackOptions.noiseConfig": walk<NonNullable<MicrophoneTrackOptions["noiseConfig"]>>(
    (noiseConfig) => VideoSDK.createMicrophoneAudioTrack({ noiseConfig }),
    {
      noiseSuppression: [1, tracks],
      noiseSuppresion: [1, tracks],
      echoCancellation: [1, tracks],
      autoGainControl: [1, tracks],
    },
    "noiseConfig.",
  ),
  ScreenShareTrackOptions: walk<ScreenShareTrackOptions>((wrong) => VideoSDK.createScreenShareVideoTrack(wrong), {
    encoderConfig: [1, tracks],
    optimizationMode: [1, tracks],
    withAudio: [1, tracks],
    codec: [1, tracks],
    multiStream: [1, tracks],
  }),
  RecordingConfig: walk<RecordingConfig>(
    (wrong, m) => m.startRecording(null, null, wrong),
    { ...composition, fileFormat: [1, value("webm")], mode: [1, value("audio")] },
    "config.",
  ),
  LivestreamConfig: walk<LivestreamConfig>(
    (wrong, m) => m.startLivestream([{ url: "rtmp://a/live", streamKey: "k" }], wrong),
    { ...composition, mode: [1, value("audio")], recording: [1, value({ enabled: true })] },
    "config.",
  ),
  LivestreamOutput: walk<LivestreamOutput>(
    (wrong, m) => m.startLivestream([{ url: "rtmp://a/live", streamKey: "k", ...wrong }]),
    { url: [1, value("rtmp://b/live")], streamKey: [1, value("l")] },
    "outputs[0].",
  ),
  HlsConfig: walk<HlsConfig>(
    (wrong, m) => m.startHls(wrong),
    { ...composition, mode: [1, value("audio")], recording: [1, value({ enabled: true })] },
    "config.",
  ),
  "CompositionConfig.layout": walk<NonNullable<RecordingConfig["layout"]>>(
    (layout, m) => m.startRecording(null, null, { layout }),
    { type: [1, value("SIDEBAR")], priority: [1, value("PIN")], gridSize: ["four", value(4)] },
    "config.layout.",
  ),
  "LivestreamConfig.recording": walk<NonNullable<LivestreamConfig["recording"]>>(
    (recording, m) => m.startLivestream([], { recording: recording as LivestreamConfig["recording"] & object }),
    { enabled: [1, value(true)] },
    "config.recording.",
  ),
  TranscriptionConfig: walk<TranscriptionConfig>(
    (wrong, m) => m.startRecording(null, null, null, wrong as TranscriptionConfig),
    { enabled: [1, value(true)], summary: [1, value({ enabled: true })], language: [1, "inert"] },
    "transcription.",
  ),
  PublishOptions: walk<PublishOptions>((wrong, m) => m.pubSub.publish("CHAT", "hello", wrong), {
    persist: [1, value(true)],
    sendOnly: [1, value(["bob"])],
  }),
  SubscribeOptions: walk<SubscribeOptions>((wrong, m) => m.pubSub.subscribe("CHAT", () => undefined, wrong), {
    oldMessageLimit: ["all", value(5)],
    realtimeOverflow: [1, delivery],
    maxQueue: ["all", delivery],
    newMessageLimit: ["all", delivery],
  }),
  TopicListeners: walk<TopicListeners>((wrong, m) => m.pubSub.subscribe("CHAT", wrong), {
    onMessageReceived: [1, `${published}/data.ts`],
    onBatchReceived: [1, delivery],
    onOldMessagesReceived: [1, `${published}/data.ts`],
    onMessageDrop: [1, delivery],
  }),
  SendOptions: walk<SendOptions>((wrong, m) => m.send("hello", wrong), { reliability: [1, `${published}/data.ts`] }),
  RenderVideoOptions: walk<RenderVideoOptions>((wrong, m) => m.participants.get("bob")?.renderVideo(wrong), {
    type: [1, pictures],
    maxQuality: [1, "web/sdk/test/render.test.ts"],
    videostyle: [1, pictures],
    containerStyle: [1, pictures],
  }),
  RenderAudioOptions: walk<RenderAudioOptions>((wrong, m) => m.participants.get("bob")?.renderAudio(wrong), {
    type: [1, pictures],
  }),
  CaptureOptions: walk<CaptureOptions>((wrong, m) => m.participants.get("bob")?.captureImage(wrong), {
    width: ["wide", pictures],
    height: ["high", pictures],
  }),
  SimulateOptions: walk<SimulateOptions>((wrong, m) => m.simulate("signaling-cut", wrong), {
    forMs: ["long", "web/sdk/test/simulation.test.ts"],
  }),
  UploadOptions: walk<UploadOptions>(
    (wrong, m) => m.uploadBase64File({ base64Data: "eA==", token: "t", fileName: "x", ...wrong }),
    {
      base64Data: [1, files],
      token: [1, files],
      fileName: [1, files],
      onProgress: [1, files],
      signal: [{}, files],
    },
  ),
  FetchOptions: walk<FetchOptions>((wrong, m) => m.fetchBase64File({ url: "u", token: "t", ...wrong }), {
    url: [1, files],
    token: [1, files],
  }),
  PreCallTestOptions: walk<PreCallTestOptions>((wrong) => VideoSDK.runPreCallTest({ token: "t", ...wrong }), {
    token: [1, precall],
    samplingDuration: ["long", precall],
    audioOnly: [1, precall],
    videoTrack: [1, precall],
    audioTrack: [1, precall],
    videoConfig: [1, precall],
    audioConfig: [1, precall],
    onStatsChange: [1, precall],
    onCheckChange: [1, precall],
    speakerHeard: [1, precall],
  }),
  NetworkStatsOptions: walk<NetworkStatsOptions>((wrong) => VideoSDK.getNetworkStats(wrong), {
    timeoutDuration: ["long", "web/sdk/test/throughput.test.ts"],
  }),
};

async function refusal(call: () => unknown): Promise<VideoSDKError> {
  try {
    await call();
  } catch (thrown) {
    const fault = thrown instanceof PreCallTestError ? thrown.fault : thrown;
    if (fault instanceof VideoSDKError) return fault;
    throw thrown;
  }
  throw new Error("it was not refused");
}

async function joined(): Promise<Meeting> {
  const m = meeting(server);
  await m.join();
  return m;
}

describe.each(Object.entries(walks))("%s", (_, { give, options, prefix = "" }) => {
  test.each(Object.entries(options))("%s is refused by its name", async (name, [wrong]) => {
    const m = await joined();
    const asked = server.requests.length;
    const mistyped = await refusal(() => give({ [name]: wrong }, m));
    expect([3073, 3071, 3067, 4002, 3105]).toContain(mistyped.code);
    expect(`${mistyped.param} ${JSON.stringify(mistyped.details)}`).toContain(name);
    const misspelled = await refusal(() => give({ [`${name}s`]: wrong }, m));
    expect([misspelled.code, misspelled.reason]).toEqual([3073, "UNKNOWN_OPTION"]);
    expect(misspelled.details).toMatchObject({ parameter: `${prefix}${name}s`, nearest: name });
    expect(server.requests.length, "the call reached the server").toBe(asked);
  });

  test.each(Object.entries(options))("%s has an effect", async (name, [, seen]) => {
    if (seen === "inert") return;
    if (typeof seen === "string") {
      expect(read(`../../../${seen}`)).toMatch(new RegExp(`(?<![\\w.])${name}["']?\\s*[:,}(]`));
      return;
    }
    const m = await joined();
    const asks = async (given: object): Promise<unknown> => {
      const before = server.requests.length;
      try {
        await give(given, m);
      } catch (refused) {
        if (refused instanceof VideoSDKError) return [refused.code, refused.param];
        throw refused;
      }
      return server.requests.slice(before).map(({ method, params }) => [method, params]);
    };
    expect(await asks({ [name]: seen.value }), "it is taken and ignored").not.toEqual(await asks({}));
  });
});

test("the options of every call that checks them are walked", () => {
  const checked = new Set<string>();
  for (const name of readdirSync(new URL("../src", import.meta.url))) {
    for (const [, type] of read(`../src/${name}`).matchAll(/(?:checkOptions|checkConfig|Rules)<(\w+)>/g))
      if (type && !["Options", "Config"].includes(type)) checked.add(type);
  }
  checked.delete("CompositionConfig"); // what the configs of the three have in common
  expect([...checked].filter((type) => !(type in walks))).toEqual([]);
  expect(checked.size).toBeGreaterThan(18);
});

function read(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
}
