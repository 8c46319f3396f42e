import { afterEach, beforeEach, expect, test } from "vitest";
import type { Meeting } from "../src/index.js";
import { browser, closeAll, listen, meeting, names } from "./environment.js";
import { fault, ScriptedServer, welcome } from "./server.js";

let server: ScriptedServer;

beforeEach(async () => {
  browser();
  server = await ScriptedServer.start();
});

afterEach(async () => {
  await closeAll();
  await server.close();
});

const none = {};
const urls = {
  playbackHlsUrl: "http://h/hls/j/playback.m3u8",
  livestreamUrl: "http://h/hls/j/livestream.m3u8",
  downstreamUrl: "http://h/hls/j/playback.m3u8",
};
const states = (m: Meeting): unknown[] => [m.recordingState, m.livestreamState, m.hlsState, m.hlsUrls];
const failed = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "nothing failed",
    (thrown: unknown) => thrown,
  );

async function joined(): Promise<Meeting> {
  const m = meeting(server);
  await m.join();
  return m;
}

test("arguments go over the wire, and null stands for an absent one", async () => {
  const m = await joined();
  await m.startRecording(null, null, {
    layout: { type: "SIDEBAR", priority: "PIN", gridSize: 4 },
    theme: "DARK",
    mode: "audio",
  });
  await m.startRecording();
  await m.startRecording("https://hook.example/", "weekly");
  await m.stopRecording();
  await m.startLivestream([{ url: "rtmp://a/live", streamKey: "k" }], {
    quality: "high",
    recording: { enabled: true },
  });
  await m.startLivestream([], null);
  await m.stopLivestream();
  await m.startHls();
  await m.stopHls();
  await m.startHls({ layout: { type: "SPOTLIGHT", gridSize: "20" as unknown as number } });
  expect(server.requests.slice(1).map(({ method, params }) => [method, params])).toEqual([
    [
      "startRecording",
      { config: { layout: { type: "SIDEBAR", priority: "PIN", gridSize: 4 }, theme: "DARK", mode: "audio" } },
    ],
    ["startRecording", {}],
    ["startRecording", { webhookUrl: "https://hook.example/", awsDirPath: "weekly" }],
    ["stopRecording", {}],
    [
      "startLivestream",
      {
        outputs: [{ url: "rtmp://a/live", streamKey: "k" }],
        config: { quality: "high", recording: { enabled: true } },
      },
    ],
    ["startLivestream", { outputs: [] }],
    ["stopLivestream", {}],
    ["startHls", {}],
    ["stopHls", {}],
    ["startHls", { config: { layout: { type: "SPOTLIGHT", gridSize: 20 } } }],
  ]);
});

test.each<[string, (m: Meeting) => Promise<void>, Record<string, unknown>]>([
  [
    "webhookUrl",
    (m) => m.startRecording(7 as unknown as string),
    {
      reason: "WRONG_TYPE",
      details: { method: "startRecording", parameter: "webhookUrl", got: "number", want: "string" },
    },
  ],
  [
    "awsDirPath",
    (m) => m.startRecording(null, {} as string),
    {
      reason: "WRONG_TYPE",
      details: { method: "startRecording", parameter: "awsDirPath", got: "object", want: "string" },
    },
  ],
  [
    "config",
    (m) => m.startRecording(null, null, [] as unknown as object),
    { reason: "WRONG_TYPE", details: { method: "startRecording", parameter: "config", got: "array", want: "object" } },
  ],
  [
    "no outputs",
    (m) => m.startLivestream(undefined as unknown as []),
    { reason: "MISSING", details: { method: "startLivestream", parameter: "outputs" } },
  ],
  [
    "outputs",
    (m) => m.startLivestream("rtmp://a" as unknown as []),
    {
      reason: "WRONG_TYPE",
      details: { method: "startLivestream", parameter: "outputs", got: "string", want: "array" },
    },
  ],
  [
    "an empty output",
    (m) => m.startLivestream([null as never]),
    { reason: "MISSING", details: { method: "startLivestream", parameter: "outputs[0]" } },
  ],
  [
    "an output",
    (m) => m.startLivestream([{ url: "rtmp://a", streamKey: "k" }, "rtmp://b" as never]),
    { reason: "WRONG_TYPE", details: { parameter: "outputs[1]" } },
  ],
  [
    "a stream key",
    (m) => m.startLivestream([{ url: "rtmp://a", streamKey: 12345 as unknown as string }]),
    { reason: "WRONG_TYPE", details: { parameter: "outputs[0].streamKey", got: "number" } },
  ],
  [
    "config of HLS",
    (m) => m.startHls("GRID" as unknown as object),
    { reason: "WRONG_TYPE", details: { method: "startHls", parameter: "config", got: "string", want: "object" } },
  ],
])("a wrong argument is refused here: %s", async (_, call, want) => {
  const m = await joined();
  const heard = listen(m);
  const failure = await failed(call(m));
  expect(failure).toMatchObject({ code: 3073, name: "ERROR_INVALID_PARAMETER", ...want });
  expect(heard).toEqual([["error", failure]]);
  expect(server.methods()).toEqual(["join"]);
});

test("a refused start rejects with the fault that fires the error event, once", async () => {
  const m = await joined();
  const heard = listen(m);
  server.on.set("startHls", ({ id }, connection) =>
    connection.refuse(
      id,
      fault(4020, "PREV_HLS_STREAMING_PROCESSING", "STILL_PROCESSING", {
        fatal: false,
        retryable: true,
        retryAfterMs: 3000,
      }),
    ),
  );
  const failure = await failed(m.startHls());
  expect(failure).toMatchObject({ code: 4020, retryAfterMs: 3000, fatal: false });
  expect(heard).toEqual([["error", failure]]);
});

test("a job that dies while it runs fires the error event", async () => {
  const m = await joined();
  const heard = listen(m);
  server.event("error", { fault: fault(5001, "RECORDING_FAILED", "ENCODER_DIED", { fatal: false }) });
  server.event("recording-state-changed", { status: "RECORDING_STOPPED" });
  await expect.poll(() => names(heard)).toEqual(["error", "recording-state-changed", "recording-stopped"]);
  expect(heard[0]?.[1]).toMatchObject({ code: 5001, fatal: false });
  expect(m.state).toBe("CONNECTED");
});

test("what a fault of the server told is over", async () => {
  const m = await joined();
  const heard: unknown[] = [];
  m.on("fault-cleared", (cleared) => heard.push(cleared));
  const cleared = { id: "flt_1", code: 5002, reason: "OUTPUT_RETRYING", forMs: 4200 };
  server.event("fault-cleared", cleared);
  await expect.poll(() => heard).toEqual([cleared]);
});

test("states are told, with the old names beside them, and stand in the properties", async () => {
  const m = await joined();
  const heard = listen(m);
  expect(states(m)).toEqual(["RECORDING_STOPPED", "LIVESTREAM_STOPPED", "HLS_STOPPED", none]);
  for (const status of ["STARTING", "STARTED", "STOPPING", "STOPPED"])
    server.event("recording-state-changed", { status: `RECORDING_${status}` });
  for (const status of ["STARTING", "STARTED"])
    server.event("livestream-state-changed", { status: `LIVESTREAM_${status}` });
  server.event("hls-state-changed", { status: "HLS_STARTING" });
  server.event("hls-state-changed", { status: "HLS_STARTED", ...urls });
  server.event("hls-state-changed", { status: "HLS_PLAYABLE", ...urls });
  await expect.poll(() => m.hlsState).toBe("HLS_PLAYABLE");
  expect(states(m)).toEqual(["RECORDING_STOPPED", "LIVESTREAM_STARTED", "HLS_PLAYABLE", urls]);
  server.event("livestream-state-changed", { status: "LIVESTREAM_STOPPED" });
  server.event("hls-state-changed", { status: "HLS_STOPPED" });
  await expect.poll(() => m.hlsState).toBe("HLS_STOPPED");
  expect(m.hlsUrls).toEqual(none);
  expect(heard).toEqual([
    ["recording-state-changed", { status: "RECORDING_STARTING" }],
    ["recording-state-changed", { status: "RECORDING_STARTED" }],
    ["recording-started"],
    ["recording-state-changed", { status: "RECORDING_STOPPING" }],
    ["recording-state-changed", { status: "RECORDING_STOPPED" }],
    ["recording-stopped"],
    ["livestream-state-changed", { status: "LIVESTREAM_STARTING" }],
    ["livestream-state-changed", { status: "LIVESTREAM_STARTED" }],
    ["livestream-started"],
    ["hls-state-changed", { status: "HLS_STARTING", ...none }],
    ["hls-state-changed", { status: "HLS_STARTED", ...urls }],
    ["hls-started", urls],
    ["hls-state-changed", { status: "HLS_PLAYABLE", ...urls }],
    ["livestream-state-changed", { status: "LIVESTREAM_STOPPED" }],
    ["livestream-stopped"],
    ["hls-state-changed", { status: "HLS_STOPPED", ...none }],
    ["hls-stopped"],
  ]);
});

test("who comes late reads the states", async () => {
  const egress = {
    recording: { status: "RECORDING_STARTED" },
    livestream: { status: "LIVESTREAM_STOPPED" },
    hls: { status: "HLS_PLAYABLE", ...urls },
  };
  server.on.set("join", ({ id }, connection) =>
    connection.answer(id, {
      state: "joined",
      meetingId: "m",
      sessionId: "s1",
      participantId: "ann",
      secret: "x",
      resumeWindowMs: 3_000,
      pingIntervalMs: 60_000,
      welcome: { ...welcome("ann"), egress },
    }),
  );
  expect(states(await joined())).toEqual(["RECORDING_STARTED", "LIVESTREAM_STOPPED", "HLS_PLAYABLE", urls]);
});

test("outside of a meeting the calls are refused", async () => {
  const m = meeting(server);
  listen(m);
  expect(await failed(m.startRecording())).toMatchObject({ code: 3035, details: { method: "startRecording" } });
  expect(await failed(m.stopHls())).toMatchObject({ code: 3035, details: { method: "stopHls" } });
});
