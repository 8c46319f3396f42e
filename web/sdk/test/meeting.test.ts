import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { VideoSDKError } from "../src/fault.js";
import { browser, closeAll, listen, meeting, names, quick } from "./environment.js";
import { fault, participant, ScriptedServer, welcome } from "./server.js";
import type { SubscribeOptions } from "../src/types.js";

let server: ScriptedServer;

beforeEach(async () => {
  browser();
  server = await ScriptedServer.start();
});

afterEach(async () => {
  await closeAll();
  await server.close();
});

test("join gives the state of the meeting, and leave says goodbye", async () => {
  const m = meeting(server, { metaData: { team: 1 } });
  const heard = listen(m);
  expect(m.state).toBe("DISCONNECTED");
  await m.join();
  expect(m.state).toBe("CONNECTED");
  expect([m.sessionId, m.localParticipant.id, [...m.participants.keys()]]).toEqual(["s1", "ann", ["bob"]]);
  expect(server.requests[0]).toMatchObject({
    id: 1,
    method: "join",
    params: {
      protocol: 1,
      token: "t",
      participantId: "ann",
      name: "Ann",
      metaData: { team: 1 },
      client: { sdkType: "js" },
    },
  });
  await m.leave();
  expect(names(heard)).toEqual([
    "meeting-state-changed",
    "meeting-state-changed",
    "entry-responded", // nobody had to be asked
    "meeting-joined",
    "participant-joined",
    "main-participant-changed",
    "meeting-state-changed",
    "meeting-left",
  ]);
  expect(heard.at(-1)?.[1]).toEqual({ code: 1101, name: "MANUAL_LEAVE_CALLED" });
  expect(server.methods()).toEqual(["join", "leave"]);
});

test("a page that is closed or reloaded leaves; one that the browser keeps does not", async () => {
  const page = new EventTarget();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
  const m = meeting(server);
  await m.join();
  page.dispatchEvent(Object.assign(new Event("pagehide"), { persisted: true }));
  page.dispatchEvent(Object.assign(new Event("pagehide"), { persisted: false }));
  await vi.waitFor(() => expect(m.state).toBe("DISCONNECTED"));
  expect(server.methods()).toEqual(["join", "leave"]);
  page.dispatchEvent(new Event("pagehide"));
  vi.unstubAllGlobals();
});

test("who joins in a mode that sends nothing keeps the devices of the options off, and is told nothing", async () => {
  server.on.set("join", ({ id, params }, connection) =>
    connection.answer(id, {
      state: "joined",
      meetingId: "abcd-efgh-ijkl",
      sessionId: "s1",
      participantId: params["participantId"],
      secret: "secret",
      resumeWindowMs: 3_000,
      pingIntervalMs: 60_000,
      welcome: { ...welcome("ann"), participant: { ...participant("ann"), mode: params["mode"] } },
    }),
  );
  const m = meeting(server, { micEnabled: true, webcamEnabled: true, mode: "SIGNALLING_ONLY" });
  const heard = listen(m);
  await m.join();
  await m.leave();
  expect(server.methods()).toEqual(["join", "leave"]);
  expect(names(heard)).not.toContain("error");
});

test("a refused join rejects with the fault that fired the error event, once", async () => {
  server.on.set("join", ({ id }, connection) => {
    connection.refuse(id, fault(4002, "INVALID_TOKEN", "EXPIRED", { details: { exp: 1 }, param: "token.exp" }));
    connection.socket.close(4002, "INVALID_TOKEN EXPIRED flt_TEST4002EXPIRED");
  });
  const m = meeting(server);
  const heard = listen(m);
  const failure: unknown = await m.join().catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(VideoSDKError);
  expect(failure).toMatchObject({
    code: 4002,
    reason: "EXPIRED",
    param: "token.exp",
    details: { exp: 1 },
    id: "flt_TEST4002EXPIRED",
  });
  expect(heard.filter(([name]) => name === "error")).toEqual([["error", failure]]);
  expect(heard.find(([name]) => name === "error")?.[1]).toBe(failure);
  expect(m.state).toBe("FAILED");
  expect(heard.at(-1)).toEqual(["meeting-left", { code: 1103, name: "JOIN_ROOM_FAILED" }]);
});

test("the close code carries the fault when its frame is lost", async () => {
  const m = meeting(server);
  const heard = listen(m);
  await m.join();
  server.last.socket.close(4006, "ACCOUNT_DEACTIVATED DEACTIVATED flt_X");
  await vi.waitFor(() => expect(m.state).toBe("FAILED"));
  expect(heard.find(([name]) => name === "error")?.[1]).toMatchObject({
    code: 4006,
    name: "ACCOUNT_DEACTIVATED",
    reason: "DEACTIVATED",
    id: "flt_X",
    fatal: true,
  });
});

test("a fatal fault in meeting-left comes before it, and the close that follows adds nothing", async () => {
  const m = meeting(server);
  const heard = listen(m);
  await m.join();
  server.event("meeting-left", {
    reason: { code: 1002, name: "REMOVE_PEER" },
    fault: fault(4103, "PARTICIPANT_REMOVED", "BY_MODERATOR"),
  });
  server.last.socket.close(4103, "PARTICIPANT_REMOVED BY_MODERATOR flt_TEST4103BY_MODERATOR");
  await vi.waitFor(() => expect(names(heard).slice(-3)).toEqual(["error", "meeting-state-changed", "meeting-left"]));
  expect(m.state).toBe("DISCONNECTED");
  await new Promise((resolve) => setTimeout(resolve, 5 * quick.backoffMax));
  expect(server.methods()).toEqual(["join"]);
  expect(names(heard).filter((name) => name === "error")).toHaveLength(1);
});

test("the lobby: pending, then in", async () => {
  const waiting = {
    state: "waiting",
    meetingId: "abcd-efgh-ijkl",
    sessionId: "s1",
    participantId: "ann",
    secret: "x",
    resumeWindowMs: 3_000,
    pingIntervalMs: 60_000,
  };
  server.on.set("join", ({ id }, connection) => connection.answer(id, waiting));
  const m = meeting(server);
  const heard = listen(m);
  const joining = m.join();
  await vi.waitFor(() => expect(server.methods()).toEqual(["join"]));
  server.event("entry-pending", { waitedMs: 10_000, hosts: 0 });
  await vi.waitFor(() => expect(heard).toContainEqual(["entry-pending", { waitedMs: 10_000, hosts: 0 }]));
  expect(m.state).toBe("CONNECTING");
  await expect(m.unmuteMic()).rejects.toMatchObject({ code: 3035, reason: "IN_LOBBY" });
  server.event("entry-responded", { participantId: "ann", decision: "allowed", by: "bob" });
  server.event("meeting-joined", { welcome: welcome("ann", ["bob"]) });
  await joining;
  expect([m.state, m.participants.size]).toEqual(["CONNECTED", 1]);
});

test("the lobby: leaving ends the wait with 3056", async () => {
  const waiting = {
    state: "waiting",
    meetingId: "a",
    sessionId: "s1",
    participantId: "ann",
    secret: "x",
    resumeWindowMs: 3_000,
    pingIntervalMs: 60_000,
  };
  server.on.set("join", ({ id }, connection) => connection.answer(id, waiting));
  const m = meeting(server);
  const joining = m.join();
  const refused = expect(joining).rejects.toMatchObject({ code: 3056, reason: "LEFT", details: { method: "join" } });
  await vi.waitFor(() => expect(server.methods()).toEqual(["join"]));
  await new Promise((resolve) => setTimeout(resolve, 20));
  await m.leave();
  await refused;
  expect(server.methods()).toEqual(["join", "leave"]);
  expect(m.state).toBe("DISCONNECTED");
});

test("join takes an AbortSignal", async () => {
  server.on.set("join", () => undefined);
  const m = meeting(server);
  const abort = new AbortController();
  const refused = expect(m.join({ signal: abort.signal })).rejects.toMatchObject({ code: 3056, reason: "CANCELLED" });
  await vi.waitFor(() => expect(server.methods()).toEqual(["join"]));
  abort.abort();
  await refused;
});

test("calls at the wrong time say which time would be right", async () => {
  const m = meeting(server);
  await expect(m.leave()).rejects.toMatchObject({ code: 3035, reason: "NOT_JOINED" });
  await expect(m.pubSub.publish("t", "x")).rejects.toMatchObject({
    code: 3035,
    reason: "NOT_JOINED",
    details: { method: "pubSub.publish" },
  });
  const joining = m.join();
  await expect(m.join()).rejects.toMatchObject({ code: 3055 });
  await joining;
  await expect(m.join()).rejects.toMatchObject({ code: 3054 });
  await expect(m.muteMic()).rejects.toMatchObject({ code: 3054, details: { method: "muteMic", state: "off" } });
  await expect(m.changeMode("CONFERENCE")).rejects.toMatchObject({ code: 3054 });
  await m.leave();
  await expect(m.leave()).rejects.toMatchObject({ code: 3054 });
  await expect(m.muteMic()).rejects.toMatchObject({ code: 3035, reason: "LEFT" });
});

test("a request without answer times out with 3079", async () => {
  server.on.set("respondEntry", () => undefined);
  const m = meeting(server);
  await m.join();
  await expect(m.respondEntry("x", "allowed")).rejects.toMatchObject({
    code: 3079,
    details: { method: "respondEntry", timeoutMs: quick.answer },
  });
});

test("events of others reach their listeners with what the published docs give", async () => {
  const m = meeting(server);
  const heard = listen(m);
  await m.join();
  heard.length = 0;
  server.event("participant-joined", { participant: participant("cy", [{ id: "st", kind: "audio", codec: "opus" }]) });
  server.event("speaker-changed", { participantId: "cy" });
  server.event("presenter-changed", { participantId: "bob" });
  server.event("participant-mode-changed", { participantId: "cy", mode: "RECV_ONLY" });
  server.event("pin-state-changed", { participantId: "cy", state: { cam: true, share: false }, pinnedBy: "bob" });
  server.event("something-of-a-newer-server", { x: 1 });
  server.event("participant-left", { participantId: "cy", reason: { code: 1101, name: "MANUAL_LEAVE_CALLED" } });
  await vi.waitFor(() => expect(names(heard)).toContain("participant-left"));
  const cy = heard[0]?.[1];
  expect(heard).toEqual([
    ["participant-joined", cy],
    ["speaker-changed", "cy"],
    ["main-participant-changed", cy],
    ["presenter-changed", "bob"],
    ["main-participant-changed", m.participants.get("bob")],
    ["participant-mode-changed", { participantId: "cy", mode: "RECV_ONLY" }],
    ["pin-state-changed", { participantId: "cy", peerId: "cy", state: { cam: true, share: false }, pinnedBy: "bob" }],
    ["participant-left", cy, { code: 1101, name: "MANUAL_LEAVE_CALLED" }],
  ]);
  expect(cy).toMatchObject({ id: "cy", micOn: true, webcamOn: false, pinState: { cam: true, share: false } });
  expect(m.pinnedParticipants.size).toBe(0);
});

test("a message that is an object travels as its JSON text and arrives as an object", async () => {
  const m = meeting(server);
  await m.join();
  const got: unknown[] = [];
  await m.pubSub.subscribe("POLL", { onMessageReceived: ({ message }) => void got.push(message) });
  const poll = { question: "Tea?", options: [{ n: 1 }], __proto__: null };
  await m.pubSub.publish("POLL", poll);
  const { params } = server.requests.at(-1) ?? {};
  expect(params).toMatchObject({ message: '{"question":"Tea?","options":[{"n":1}]}', object: true });
  const told = { id: "1", topic: "POLL", senderId: "bob", senderName: "Bob", timestamp: "t" };
  server.event("pubsub-message", { ...told, message: params?.["message"], object: true });
  server.event("pubsub-message", { ...told, id: "2", message: '{"a":1}' });
  await vi.waitFor(() => expect(got).toEqual([{ question: "Tea?", options: [{ n: 1 }] }, '{"a":1}']));
  for (const [wrong, reason] of [
    [["an array"], "WRONG_TYPE"],
    [null, "WRONG_TYPE"],
    [{ big: 1n }, "NOT_JSON"],
  ] as const)
    await expect(m.pubSub.publish("POLL", wrong as object)).rejects.toMatchObject({
      code: 3073,
      reason,
      details: { parameter: "message" },
    });
});

test("a request to enter is answered through the event", async () => {
  const m = meeting(server);
  await m.join();
  m.on("entry-requested", (request) => void request.allow());
  server.event("entry-requested", { participantId: "kay", name: "Kay" });
  await vi.waitFor(() =>
    expect(server.requests.at(-1)).toMatchObject({
      method: "respondEntry",
      params: { participantId: "kay", decision: "allowed" },
    }),
  );
});

test("pubsub delivers to its listeners and leaves the topic with the last", async () => {
  const m = meeting(server);
  await m.join();
  const got: string[] = [];
  const one = { onMessageReceived: ({ message }: { message: string }) => void got.push(message) };
  const two = (): never => {
    throw new Error("a listener that throws");
  };
  const thrown: unknown[] = [];
  process.once("uncaughtException", (error) => thrown.push(error));
  await m.pubSub.subscribe("T", two, { oldMessageLimit: 0 });
  await m.pubSub.subscribe("T", one);
  server.event("pubsub-message", {
    id: "1",
    topic: "T",
    message: "hi",
    senderId: "bob",
    senderName: "Bob",
    timestamp: "t",
  });
  await vi.waitFor(() => expect(got).toEqual(["hi"]));
  expect(thrown).toHaveLength(1);
  await m.pubSub.unsubscribe("T", one);
  expect(server.methods().at(-1)).toBe("pubsub.subscribe");
  await m.pubSub.unsubscribe("T", two);
  expect(server.methods().at(-1)).toBe("pubsub.unsubscribe");
  await expect(m.pubSub.publish("T", 5 as unknown as string)).rejects.toMatchObject({
    code: 3073,
    reason: "WRONG_TYPE",
    details: { parameter: "message" },
  });
  const absent = { realtimeOverflow: "drop", maxQueue: null } as unknown as SubscribeOptions;
  await m.pubSub.subscribe("T", () => {}, absent); // null stands for absent: there is no conflict
  await expect(m.pubSub.subscribe("T", undefined as unknown as () => void)).rejects.toMatchObject({
    code: 3073,
    reason: "WRONG_TYPE",
    details: { parameter: "listeners", got: "undefined" },
  });
  await expect(m.pubSub.publish("T", "x", {}, { big: 1n })).rejects.toMatchObject({
    code: 3073,
    reason: "NOT_JSON",
    details: { parameter: "params", problem: expect.stringContaining("BigInt") },
  });
});

test("with an error listener a call nobody awaits is no unhandled rejection", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  const m = meeting(server);
  const errors: number[] = [];
  m.on("error", ({ code }) => errors.push(code));
  void m.unmuteMic();
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off("unhandledRejection", note);
  expect([errors, unhandled]).toEqual([[3035], []]);
});
