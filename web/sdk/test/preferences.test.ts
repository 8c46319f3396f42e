import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Limitation } from "../src/limitation.js";
import { Pictures, type Watched } from "../src/pictures.js";
import type { Participant } from "../src/participant.js";
import { browser, closeAll, meeting } from "./environment.js";
import { fault, participant, ScriptedServer, welcome } from "./server.js";

const camera = { id: "bob-video", kind: "video", codec: "VP8" };
const mic = { id: "bob-audio", kind: "audio", codec: "opus" };
let server: ScriptedServer;

beforeEach(async () => {
  browser();
  server = await ScriptedServer.start();
});
afterEach(async () => {
  vi.useRealTimers();
  await closeAll();
  await server.close();
});

/** The meeting with bob, who sends camera and microphone. */
async function joined(): Promise<{ m: ReturnType<typeof meeting>; bob: Participant }> {
  server.on.set("join", ({ id }, connection) =>
    connection.answer(id, {
      state: "joined",
      meetingId: "m",
      sessionId: "s1",
      participantId: "ann",
      secret: "secret",
      resumeWindowMs: 3_000,
      pingIntervalMs: 60_000,
      welcome: { ...welcome("ann"), participants: [participant("bob", [camera, mic])] },
    }),
  );
  const m = meeting(server);
  await m.join();
  const bob = m.participants.get("bob");
  if (!bob) throw new Error("bob is not there");
  return { m, bob };
}

const received = (bob: Participant, kind: "video" | "audio"): void =>
  bob.receive(kind, { track: { id: `track-${kind}`, getSettings: () => ({}) } as unknown as MediaStreamTrack });
const preferred = (): unknown[] =>
  server.requests.filter(({ method }) => method === "prefer").map(({ params }) => params);
const asked = (of: object): object => ({ participantId: "bob", kind: "video", ...of });

test("qualities and sizes are asked for as a whole, and survive a refusal", async () => {
  const { bob } = await joined();
  await bob.setQuality("high"); // before anything is received
  received(bob, "video");
  await expect(bob.setQuality("medium" as "med")).rejects.toMatchObject({ code: 3073, reason: "NOT_ALLOWED" });
  for (const [width, height, parameter] of [
    [0, 9, "width"],
    [9, Infinity, "height"],
    ["9", 9, "width"],
    [9, 16_385, "height"],
  ] as const)
    await expect(bob.setViewPort(width as number, height)).rejects.toMatchObject({
      code: 3073,
      reason: "OUT_OF_RANGE",
      details: { parameter },
    });
  await bob.setQuality("low");
  await bob.setViewPort(320.4, 180);
  expect(preferred()).toEqual([
    { streams: [asked({ quality: "high" })], change: "quality" },
    { streams: [asked({ quality: "low" })], change: "quality" },
    { streams: [asked({ quality: "low", width: 320, height: 180 })], change: "quality" },
  ]);
  server.on.set("prefer", ({ id }, connection) =>
    connection.refuse(id, fault(4073, "SET_QUALITY_FAILED", "NO_SUCH_STREAM", { fatal: false })),
  );
  await expect(bob.setQuality("high")).rejects.toMatchObject({ code: 4073 });
  server.on.delete("prefer");
  await bob.setViewPort(640, 360);
  expect(preferred().at(-1)).toEqual({
    streams: [asked({ quality: "low", width: 640, height: 360 })],
    change: "quality",
  });
});

test("a stream is paused and resumed, once", async () => {
  const { m, bob } = await joined();
  received(bob, "audio");
  const stream = bob.stream("audio");
  await expect(stream?.resume()).rejects.toMatchObject({ code: 3054, details: { state: "active" } });
  await stream?.pause();
  expect(stream?.paused).toBe(true);
  await expect(stream?.pause()).rejects.toMatchObject({ code: 3054, details: { state: "paused" } });
  await stream?.resume();
  expect(preferred()).toEqual([
    { streams: [{ participantId: "bob", kind: "audio", paused: true }], change: "pause" },
    { streams: [{ participantId: "bob", kind: "audio" }], change: "resume" },
  ]);
  m.localParticipant.announce("audio", mic as never);
  received(m.localParticipant, "audio");
  await expect(m.localParticipant.stream("audio")?.pause()).rejects.toMatchObject({ code: 3068, reason: "OWN_STREAM" });
});

test("all streams of a kind are paused, those that begin later too", async () => {
  const { m, bob } = await joined();
  received(bob, "video");
  const heard: unknown[] = [];
  m.on("paused-all-streams", (change) => heard.push(["paused", change]));
  m.on("resumed-all-streams", (change) => heard.push(["resumed", change]));
  await expect(m.resumeAllStreams()).rejects.toMatchObject({ code: 4058, details: { kind: "all" } });
  await expect(m.pauseAllStreams("smell" as "audio")).rejects.toMatchObject({ code: 3073 });
  await m.pauseAllStreams("video");
  await expect(m.pauseAllStreams("video")).rejects.toMatchObject({ code: 4057, details: { kind: "video" } });
  expect(preferred()).toEqual([{ streams: [asked({ paused: true })] }]);
  server.event("participant-joined", { participant: participant("cat", [{ ...camera, id: "cat-video" }]) });
  await vi.waitFor(() =>
    expect(preferred().at(-1)).toEqual({ streams: [{ participantId: "cat", kind: "video", paused: true }] }),
  );
  await bob.stream("video")?.resume(); // one of them
  await m.resumeAllStreams();
  expect(preferred().at(-1)).toEqual({ streams: [{ participantId: "cat", kind: "video" }] });
  expect(heard).toEqual([
    ["paused", { kind: "video" }],
    ["resumed", { kind: "all" }],
  ]);
});

test("a session that begins anew is told what is wanted", async () => {
  const { bob } = await joined();
  received(bob, "video");
  await bob.setQuality("med");
  server.on.set("resume", ({ id }, connection) =>
    connection.refuse(id, fault(3103, "RECONNECT_FAILED", "SESSION_UNKNOWN")),
  );
  server.forget();
  server.cut();
  await vi.waitFor(() => expect(preferred()).toHaveLength(2), 3_000);
  expect(preferred()[1]).toEqual({ streams: [asked({ quality: "med" })] });
});

test("what the server sends is told: paused, resumed, another quality, a limit", async () => {
  const { m, bob } = await joined();
  received(bob, "video");
  const heard: unknown[] = [];
  for (const name of ["stream-paused", "stream-resumed", "video-quality-changed"] as const)
    bob.on(name, (change: unknown) => heard.push([name, change]));
  m.on("quality-limitation", (limitation) => heard.push(limitation));
  const state = (of: object): void =>
    server.event("stream-state", { participantId: "bob", kind: "video", streamId: "bob-video", ...of });
  state({ state: "active", quality: "high", width: 1280, height: 720 });
  state({ state: "paused", reason: "bandwidth" });
  state({ state: "active", quality: "low" });
  server.event("quality-limitation", { type: "bandwidth", state: "detected", timestamp: "2026-11-26T13:00:00Z" });
  await vi.waitFor(() => expect(heard).toHaveLength(4));
  expect(heard).toEqual([
    ["stream-paused", { kind: "video", reason: "bandwidth" }],
    ["stream-resumed", { kind: "video", reason: "bandwidth" }],
    ["video-quality-changed", { currentQuality: "LOW", prevQuality: "HIGH", kind: "video" }],
    { type: "bandwidth", state: "detected", timestamp: Date.parse("2026-11-26T13:00:00Z"), direction: "receive" },
  ]);
  expect([bob.quality, bob.screenShareQuality, bob.stream("video")?.paused]).toEqual(["low", "high", false]);
});

test("adaptive subscription needs observers, and is on or off", async () => {
  const { m } = await joined();
  await expect(m.disableAdaptiveSubscription()).rejects.toMatchObject({ code: 4049, reason: "ALREADY_DISABLED" });
  await expect(m.enableAdaptiveSubscription()).rejects.toMatchObject({
    code: 4047,
    details: { missing: ["IntersectionObserver", "ResizeObserver"] },
  });
});

test("a camera that is off has no quality", async () => {
  const { m } = await joined();
  await expect(m.setWebcamQuality("low")).rejects.toMatchObject({ code: 3062, reason: "CAMERA_OFF" });
  await expect(m.setWebcamQuality("4k" as "low")).rejects.toMatchObject({ code: 3073, reason: "NOT_ALLOWED" });
});

test("a picture that stands still is told, and when it goes on", async () => {
  vi.useFakeTimers();
  const told: string[] = [];
  let [packets, frames, paused] = [0, 0, false];
  const key = {};
  const watched: Watched = {
    key,
    kind: "video",
    get paused() {
      return paused;
    },
    stats: () =>
      Promise.resolve(
        new Map([["a", { type: "inbound-rtp", packetsReceived: packets, framesDecoded: frames }]]) as never,
      ),
    tell: (state) => told.push(state),
  };
  const pictures = new Pictures(() => [watched]);
  const pass = async (ms: number, step: () => void): Promise<void> => {
    for (let at = 0; at < ms; at += 500) {
      step();
      await vi.advanceTimersByTimeAsync(500);
    }
  };
  await pass(1_000, () => undefined);
  await pass(2_000, () => ((packets += 9), frames++));
  await pass(3_000, () => (packets += 9));
  await pass(1_000, () => ((packets += 9), frames++));
  await pass(3_000, () => undefined);
  paused = true;
  await pass(3_000, () => undefined);
  pictures.close();
  expect(told).toEqual(["active", "freeze-detected", "freeze-resolved", "stuck"]);
});

test("a limit of the encoder is told when it lasts", async () => {
  vi.useFakeTimers();
  const told: string[] = [];
  let reason = "bandwidth";
  const limitation = new Limitation({
    reason: () => Promise.resolve(reason),
    changed: (type, state) => told.push(`${type} ${state}`),
  });
  await vi.advanceTimersByTimeAsync(4_500);
  expect(told).toEqual([]); // each stream begins so
  await vi.advanceTimersByTimeAsync(2_000);
  reason = "cpu";
  await vi.advanceTimersByTimeAsync(6_000);
  reason = "none";
  await vi.advanceTimersByTimeAsync(6_000);
  limitation.close();
  expect(told).toEqual(["bandwidth detected", "bandwidth resolved", "cpu detected", "cpu resolved"]);
});
