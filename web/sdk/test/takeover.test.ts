import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Participant } from "../src/participant.js";
import type { StreamKind } from "../src/types.js";
import { browser, closeAll, listen, meeting, names } from "./environment.js";
import { fault, participant, ScriptedServer, welcome } from "./server.js";

const camera = { id: "bob-video", kind: "video", codec: "VP8" };
const mic = { id: "bob-audio", kind: "audio", codec: "opus" };
const share = { id: "bob-share", kind: "share", codec: "VP8" };
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

/** A meeting with bob, who sends; `more` is in its welcome. */
async function joined(streams: readonly unknown[], more: object = {}): Promise<ReturnType<typeof meeting>> {
  server.on.set("join", ({ id }, connection) =>
    connection.answer(id, {
      state: "joined",
      meetingId: "m",
      sessionId: "s1",
      participantId: "ann",
      secret: "secret 0",
      resumeWindowMs: 3_000,
      pingIntervalMs: 60_000,
      welcome: { ...welcome("ann"), participants: [participant("bob", streams)], ...more },
    }),
  );
  const m = meeting(server);
  await m.join();
  return m;
}

/** Waits until a cut is over. */
async function back(m: ReturnType<typeof meeting>): Promise<void> {
  await vi.waitFor(() => expect(m.state).toBe("RECONNECTING"), { interval: 1 });
  await vi.waitFor(() => expect(m.state).toBe("CONNECTED"));
}

/** Another node answers the resume from now on. Events count anew. */
async function takeOver(m: ReturnType<typeof meeting>, state: object = {}): Promise<void> {
  server.on.set("resume", ({ id }, connection) =>
    connection.answer(id, {
      seq: 0,
      secret: "next",
      welcome: {
        ...welcome("ann"),
        participants: [{ ...participant("bob"), connectionState: "RECONNECTING" }],
        ...state,
      },
    }),
  );
  server.forget();
  server.cut();
  await back(m);
}

const media = (id: string, flows = true): { track: MediaStreamTrack; receiver: RTCRtpReceiver } => ({
  track: { id, getSettings: () => ({}) } as unknown as MediaStreamTrack,
  receiver: { getSynchronizationSources: () => (flows ? [{}] : []) } as unknown as RTCRtpReceiver,
});

/** What is told of streams. */
function watch(of: Participant): unknown[][] {
  const heard: unknown[][] = [];
  of.on("stream-enabled", ({ kind, track }) => heard.push(["enabled", kind, track.id]));
  of.on("stream-disabled", ({ kind }) => heard.push(["disabled", kind]));
  of.on("media-status-changed", ({ kind, newStatus }) => heard.push(["status", kind, newStatus]));
  return heard;
}

const bobOf = (m: ReturnType<typeof meeting>): Participant => {
  const bob = m.participants.get("bob");
  if (!bob) throw new Error("bob is not there");
  return bob;
};

test("another node goes on: one cut, nobody leaves, and only what differs is told", async () => {
  const pin = { participantId: "bob", state: { cam: true, share: false }, pinnedBy: "ann" };
  const entry = { participantId: "eve", name: "Eve" };
  const m = await joined([camera], { pins: [pin], entries: [entry, { participantId: "dan", name: "Dan" }] });
  const heard = listen(m);
  m.on("participant-connection-changed", (change) => heard.push(["connection", change.state]));
  await m.pubSub.subscribe("CHAT", () => undefined);
  await bobOf(m).stopConsumingMicStreams();
  server.event("recording-state-changed", { status: "RECORDING_STARTED" });
  await vi.waitFor(() => expect(m.recordingState).toBe("RECORDING_STARTED"));
  heard.length = server.requests.length = 0;
  await takeOver(m, {
    pins: [pin],
    entries: [entry],
    egress: { recording: { status: "RECORDING_STARTED" }, livestream: { status: "" }, hls: { status: "" } },
    participants: [{ ...participant("bob"), connectionState: "RECONNECTING", mode: "RECV_ONLY" }],
  });
  server.event("participant-connection-changed", { participantId: "bob", state: "CONNECTED" }); // seq 1
  await vi.waitFor(() => expect(heard.at(-1)).toEqual(["connection", "CONNECTED"]));
  expect(heard.map(([name, what]) => (typeof what === "string" ? [name, what] : [name]))).toEqual([
    ["meeting-state-changed"],
    ["participant-mode-changed"],
    ["connection", "RECONNECTING"],
    ["meeting-state-changed"],
    ["entry-withdrawn", "dan"],
    ["connection", "CONNECTED"],
  ]);
  expect([m.sessionId, bobOf(m).webcamOn, bobOf(m).mode]).toEqual(["s1", true, "RECV_ONLY"]);
  const restored = server.requests.filter(({ method }) => method === "pubsub.subscribe" || method === "consume");
  expect(restored.map(({ params }) => params)).toEqual([
    { topic: "CHAT" },
    { participantId: "bob", kind: "audio", enabled: false },
  ]);
});

test("requests under way go to the new node where they may be carried out twice, else they get 3079", async () => {
  const m = await joined([]);
  for (const method of ["store.set", "pubsub.publish", "respondEntry"]) server.on.set(method, () => undefined);
  const set = m.realtimeStore.setValue("k", "v");
  const lost = [m.pubSub.publish("T", "x"), m.respondEntry("x", "denied")];
  for (const one of lost) one.catch(() => undefined);
  await vi.waitFor(() => expect(server.methods()).toContain("respondEntry"));
  server.on.delete("store.set");
  await takeOver(m);
  await set;
  for (const one of lost) await expect(one).rejects.toMatchObject({ code: 3079, reason: "NO_ANSWER" });
  const sent = (method: string): number => server.methods().filter((one) => one === method).length;
  expect(["store.set", "pubsub.publish", "respondEntry"].map(sent)).toEqual([2, 1, 1]);
});

test("a node that says it is lost or that it hands the meeting over is left at once", async () => {
  const m = await joined([]);
  const heard = listen(m);
  const attempts: number[] = [];
  m.on("reconnect-scheduled", ({ inMs }) => attempts.push(inMs));
  for (const [code, reason] of [
    [1013, "SERVER_UNAVAILABLE NODE_LOST flt_A"],
    [1013, "SERVER_UNAVAILABLE NODE_LOST flt_B"],
  ] as const) {
    heard.length = attempts.length = 0;
    server.last.socket.close(code, reason);
    await vi.waitFor(() => expect(names(heard)).toEqual(["meeting-state-changed", "meeting-state-changed"]));
    expect(m.state).toBe("CONNECTED");
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toBeLessThanOrEqual(75);
  }
  expect(server.methods()).not.toContain("leave");
});

test("a stream that is back within 5 s goes on as it was until it shows something", async () => {
  const m = await joined([camera, mic]);
  const bob = bobOf(m);
  bob.receive("video", media("old"));
  bob.receive("audio", media("old-mic"));
  const heard = watch(bob);
  const { id } = bob.stream("video") ?? {};
  await takeOver(m);
  bob.receive("video", undefined);
  server.event("participant-connection-changed", { participantId: "bob", state: "CONNECTED" });
  server.event("stream-enabled", { participantId: "bob", stream: { ...camera, id: "new-video" } });
  await vi.waitFor(() => expect(bob.connectionState).toBe("CONNECTED"));
  const back = media("new", false);
  bob.receive("video", back);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect([heard, bob.stream("video")?.track.id]).toEqual([[], "old"]);
  back.receiver.getSynchronizationSources = media("new").receiver.getSynchronizationSources;
  await vi.waitFor(() => expect(heard).toEqual([["enabled", "video", "new"]]));
  expect(bob.stream("video")?.id).toBe(id);
  server.event("stream-disabled", { participantId: "bob", stream: mic }); // muted meanwhile
  await vi.waitFor(() => expect(bob.micOn).toBe(false));
  expect(heard.slice(1)).toEqual([
    ["status", "audio", false],
    ["disabled", "audio"],
  ]);
});

test("one that is not back 5 s after its participant ends, and with the share its presenter", async () => {
  const m = await joined([camera, share], { presenterId: "bob" });
  const bob = bobOf(m);
  const kinds: StreamKind[] = ["video", "share"];
  for (const kind of kinds) bob.receive(kind, media(kind));
  const heard = watch(bob);
  await takeOver(m);
  expect([m.activePresenterId, bob.screenShareOn]).toEqual(["bob", true]);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.advanceTimersByTime(20_000); // it is not back itself
  expect(heard).toEqual([]);
  bob.connection({ state: "CONNECTED" });
  vi.advanceTimersByTime(4_000);
  bob.connection({ state: "RECONNECTING" });
  vi.advanceTimersByTime(4_000);
  bob.connection({ state: "CONNECTED" });
  vi.advanceTimersByTime(4_900);
  expect(heard).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(heard).toEqual([
    ["status", "video", false],
    ["disabled", "video"],
    ["status", "share", false],
    ["disabled", "share"],
  ]);
  expect(m.activePresenterId).toBeNull();
});

test("an answer that was lost is given again, and events of the node before do not count", async () => {
  const m = await joined([]);
  const heard = listen(m);
  server.event("entry-withdrawn", { participantId: "1" });
  await vi.waitFor(() => expect(names(heard)).toEqual(["entry-withdrawn"]));
  let lost = 2;
  server.on.set("resume", ({ id }, connection) => {
    if (lost-- > 0) return connection.socket.terminate();
    connection.answer(id, {
      seq: 0,
      secret: "next",
      welcome: { ...welcome("ann"), participants: [participant("bob")] },
    });
  });
  server.forget();
  server.cut();
  await back(m);
  server.event("entry-withdrawn", { participantId: "2" });
  await vi.waitFor(() => expect(heard.at(-1)).toEqual(["entry-withdrawn", "2"]));
  expect(names(heard).filter((name) => name === "meeting-state-changed")).toHaveLength(2);
  expect(names(heard)).not.toContain("error");
});

test("the lock is told when it changes, also on another node", async () => {
  const m = await joined([], { locked: true });
  expect(m.locked).toBe(true);
  const heard: unknown[] = [];
  m.on("lock-changed", (change) => heard.push(change));
  server.event("lock-changed", { locked: false, by: "bob" });
  await vi.waitFor(() => expect(heard).toEqual([{ locked: false, by: "bob" }]));
  await takeOver(m, { locked: true });
  await vi.waitFor(() => expect(heard.slice(1)).toEqual([{ locked: true, by: "" }]));
  expect(m.locked).toBe(true);
  server.on.set("unlock", ({ id }, connection) => {
    connection.answer(id, {});
    server.event("lock-changed", { locked: false });
  });
  await m.unlock();
  await vi.waitFor(() => expect(m.locked).toBe(false));
});

test("restrictions are told when they change, also on another node", async () => {
  const free = { audio: false, video: false, share: false, chat: false };
  const m = await joined([], { restrictions: { ...free, chat: true }, permissions: [] });
  expect(m.restrictions).toEqual({ ...free, chat: true });
  const heard: unknown[] = [];
  m.on("restrictions-changed", (change) => heard.push(change));
  const audio = { ...free, audio: true };
  server.event("restrictions-changed", { restrictions: audio, by: "bob" });
  await vi.waitFor(() => expect(heard).toEqual([{ restrictions: audio, by: "bob" }]));
  await takeOver(m, { restrictions: audio, permissions: [] });
  await takeOver(m);
  await vi.waitFor(() => expect(heard.slice(1)).toEqual([{ restrictions: free, by: "" }]));
  server.requests.length = 0;
  await m.restrict({ video: true, chat: false });
  expect(server.requests.map(({ method, params }) => [method, params])).toEqual([
    ["restrict", { video: true, chat: false }],
  ]);
});

test("what is restricted is refused by the server before a device is opened, unless oneself moderates", async () => {
  const all = { audio: true, video: true, share: true, chat: true };
  const m = await joined([], { restrictions: all, permissions: [] });
  const heard = listen(m);
  server.on.set("setStream", ({ id }, connection) =>
    connection.refuse(id, fault(4105, "NOT_PERMITTED", "AUDIO_RESTRICTED")),
  );
  const capture = vi.fn(() => Promise.reject(new DOMException("", "NotFoundError")));
  vi.stubGlobal("navigator", { ...navigator, mediaDevices: { getUserMedia: capture, enumerateDevices: () => [] } });
  await expect(m.unmuteMic()).rejects.toMatchObject({ code: 4105, reason: "AUDIO_RESTRICTED" });
  expect(names(heard)).toEqual(["error"]);
  expect(capture).not.toHaveBeenCalled();
  expect(server.requests.at(-1)).toMatchObject({ method: "setStream", params: { kind: "audio", enabled: true } });
  // It has been given back meanwhile: the server only knows of no such stream.
  server.on.set("setStream", ({ id }, connection) =>
    connection.refuse(id, fault(4107, "INVALID_MESSAGE", "NOT_PUBLISHED")),
  );
  void m.unmuteMic().catch(() => undefined);
  await vi.waitFor(() => expect(capture).toHaveBeenCalledOnce());
});

test("a microphone goes off when participants may not have it on, whoever decided so", async () => {
  const free = { audio: false, video: false, share: false, chat: false };
  const m = await joined([], { permissions: [] });
  m.localParticipant.announce("audio", mic as never);
  const heard = watch(m.localParticipant);
  server.event("restrictions-changed", { restrictions: { ...free, audio: true } }); // over REST: nobody is named
  await vi.waitFor(() => expect(heard).toContainEqual(["status", "audio", false]));
  expect(m.localParticipant.micOn).toBe(false);
});
