import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { browser, closeAll, listen, meeting, names } from "./environment.js";
import { fault, participant, ScriptedServer, welcome } from "./server.js";

let server: ScriptedServer;

beforeEach(async () => {
  browser();
  server = await ScriptedServer.start();
});

afterEach(async () => {
  await closeAll();
  await server.close();
});

/** A small generator with a seed, so that a failure can be run again: Numerical Recipes' LCG. */
function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  "whatever is cut when, each event arrives once and in order (seed %i)",
  async (seed) => {
    const roll = dice(seed);
    const m = meeting(server);
    const got: number[] = [];
    await m.join();
    m.on("entry-withdrawn", (id) => got.push(Number(id)));
    const sent: number[] = [];
    const event = (lost: boolean): void => {
      sent.push(sent.length);
      server[lost ? "lose" : "event"]("entry-withdrawn", { participantId: String(sent.length - 1) });
    };
    for (let step = 0; step < 60; step++) {
      const act = roll(10);
      if (act < 6) event(false);
      else if (act === 6)
        event(true); // lost on the way: the next one shows a gap
      else if (act === 7) server.cut();
      else if (act === 8) {
        server.cut();
        server.up = false;
        await new Promise((resolve) => setTimeout(resolve, roll(60)));
        server.up = true;
      } else await new Promise((resolve) => setTimeout(resolve, roll(15)));
    }
    event(false);
    await vi.waitFor(() => expect(m.state).toBe("CONNECTED"), { timeout: 5_000 });
    event(false); // whatever was lost last shows as a gap now
    await vi.waitFor(() => expect(got).toEqual(sent), { timeout: 5_000 });
  },
);

test("requests that wait go out again under their ids, in order, and are answered once", async () => {
  const m = meeting(server, {});
  await m.join();
  server.on.set("pubsub.publish", () => undefined);
  const publishing = Promise.all(["a", "b", "c"].map((message) => m.pubSub.publish("T", message)));
  await vi.waitFor(() => expect(server.methods().filter((method) => method === "pubsub.publish")).toHaveLength(3));
  server.on.delete("pubsub.publish");
  server.cut();
  await publishing;
  const tries = server.requests
    .filter(({ method }) => method === "pubsub.publish")
    .map(({ id, params }) => [id, params["message"]]);
  expect(tries).toEqual([
    [2, "a"],
    [3, "b"],
    [4, "c"],
    [2, "a"],
    [3, "b"],
    [4, "c"],
  ]);
});

test("a call while away is refused with 3065 and how long", async () => {
  const m = meeting(server);
  const heard = listen(m);
  await m.join();
  server.up = false;
  server.cut();
  await vi.waitFor(() => expect(m.state).toBe("RECONNECTING"));
  await expect(m.respondEntry("x", "denied")).rejects.toMatchObject({
    code: 3065,
    reason: "RECONNECTING",
    retryable: true,
  });
  server.up = true;
  await vi.waitFor(() => expect(m.state).toBe("CONNECTED"));
  expect(heard.filter(([name]) => name === "meeting-state-changed").map(([, change]) => change)).toEqual(
    ["CONNECTING", "CONNECTED", "RECONNECTING", "CONNECTED"].map((state) => ({ state })),
  );
});

test("a resume with a secret that was used by another is final: 3103 SECRET_REUSED", async () => {
  server.on.set("resume", ({ id }, connection) =>
    connection.refuse(id, fault(3103, "RECONNECT_FAILED", "SECRET_REUSED")),
  );
  const m = meeting(server);
  const heard = listen(m);
  await m.join();
  server.cut();
  await vi.waitFor(() => expect(m.state).toBe("FAILED"));
  expect(heard.find(([name]) => name === "error")?.[1]).toMatchObject({ code: 3103, reason: "SECRET_REUSED" });
  expect(heard.at(-1)).toEqual(["meeting-left", { code: 1102, name: "WEBSOCKET_CONNECTION_ATTEMPTS_EXHAUSTED" }]);
});

test("a server that stays away is given up after the resume window: 3103 GAVE_UP", async () => {
  const m = meeting(server);
  const heard = listen(m);
  await m.join();
  server.up = false;
  server.cut();
  await vi.waitFor(() => expect(m.state).toBe("FAILED"), { timeout: 8_000 });
  expect(heard.filter(([name]) => name === "error").map(([, error]) => error)).toMatchObject([
    { code: 3102, fatal: false }, // why, also in a window that is over before a cut counts as lasting
    { code: 3103, reason: "GAVE_UP", fatal: true },
  ]);
});

test("a lost session is joined anew, and that is told once", async () => {
  const m = meeting(server);
  const heard = listen(m);
  await m.join();
  await m.pubSub.subscribe("CHAT", () => undefined);
  server.event("recording-state-changed", { status: "RECORDING_STARTED" });
  await m.changeMode("RECV_ONLY");
  server.event("participant-mode-changed", { participantId: "ann", mode: "RECV_ONLY" });
  await vi.waitFor(() => expect(m.localParticipant.mode).toBe("RECV_ONLY"));
  server.on.set("resume", ({ id }, connection) =>
    connection.refuse(id, fault(3103, "RECONNECT_FAILED", "SESSION_UNKNOWN")),
  );
  server.on.set("join", ({ id, params }, connection) =>
    connection.answer(id, {
      state: "joined",
      meetingId: "abcd-efgh-ijkl",
      sessionId: "s2",
      participantId: params["participantId"],
      secret: "new",
      resumeWindowMs: 3_000,
      pingIntervalMs: 60_000,
      welcome: { ...welcome("ann", ["cem"]), participant: { ...participant("ann"), mode: "RECV_ONLY" } },
    }),
  );
  server.forget();
  server.cut();
  await vi.waitFor(() => expect(m.sessionId).toBe("s2"));
  await vi.waitFor(() => expect(m.state).toBe("CONNECTED"));
  expect(server.requests.filter(({ method }) => method === "join")[1]?.params).toMatchObject({
    participantId: "ann",
    mode: "RECV_ONLY",
    token: "t",
  });
  expect(heard.filter(([name]) => name === "error").map(([, one]) => one)).toMatchObject([
    { code: 3103, reason: "SESSION_UNKNOWN", fatal: false },
  ]);
  expect(names(heard).filter((name) => name === "meeting-joined" || name === "meeting-left")).toEqual([
    "meeting-joined",
  ]);
  expect(m.recordingState).toBe("RECORDING_STOPPED");
  expect(names(heard)).toContain("recording-stopped");
  expect([...m.participants.keys()]).toEqual(["cem"]);
  expect(heard.filter(([name]) => name === "participant-left").map(([, who]) => (who as { id: string }).id)).toEqual([
    "bob",
  ]);
  await vi.waitFor(() =>
    expect(server.requests.at(-1)).toMatchObject({
      method: "pubsub.subscribe",
      params: { topic: "CHAT" },
    }),
  );
  server.event("entry-withdrawn", { participantId: "later" }); // events count from 1 again
  await vi.waitFor(() => expect(names(heard)).toContain("entry-withdrawn"));
});

test("a server that stops is joined anew when it is back; a refusal then names why", async () => {
  const m = meeting(server);
  const heard = listen(m);
  await m.join();
  server.event("meeting-left", {
    reason: { code: 1006, name: "ROOM_CLOSE" },
    fault: fault(5102, "SERVER_SHUTDOWN", "STOPPED"),
  });
  await vi.waitFor(() => expect(server.methods().filter((method) => method === "join")).toHaveLength(2));
  await vi.waitFor(() => expect(m.state).toBe("CONNECTED"));
  expect(server.methods()).not.toContain("resume");
  expect(heard.filter(([name]) => name === "error").map(([, one]) => one)).toMatchObject([
    { code: 5102, fatal: false },
  ]);

  server.on.set("resume", ({ id }, connection) =>
    connection.refuse(id, fault(3103, "RECONNECT_FAILED", "SESSION_UNKNOWN", { id: "flt_LOST" })),
  );
  server.on.set("join", ({ id }, connection) => connection.refuse(id, fault(4002, "INVALID_TOKEN", "EXPIRED")));
  server.cut();
  await vi.waitFor(() => expect(m.state).toBe("FAILED"));
  expect(heard.filter(([name]) => name === "error").at(-1)?.[1]).toMatchObject({
    code: 4002,
    reason: "EXPIRED",
    fatal: true,
    causeId: "flt_LOST",
  });
});

test("requests under way when the session is lost are answered: 3079", async () => {
  const m = meeting(server);
  await m.join();
  server.on.set("respondEntry", () => undefined);
  const waiting = m.respondEntry("x", "denied");
  waiting.catch(() => undefined);
  await vi.waitFor(() => expect(server.methods()).toContain("respondEntry"));
  server.on.set("resume", ({ id }, connection) =>
    connection.refuse(id, fault(3103, "RECONNECT_FAILED", "SESSION_UNKNOWN")),
  );
  server.cut();
  await expect(waiting).rejects.toMatchObject({ code: 3079, reason: "NO_ANSWER" });
  await vi.waitFor(() => expect(m.state).toBe("CONNECTED"));
});

test("a resume that came too late for the socket is tried again, and nobody is told", async () => {
  let late = 2;
  server.on.set("resume", ({ id }, connection) => {
    if (late-- > 0) {
      connection.refuse(null, fault(4107, "INVALID_MESSAGE", "JOIN_EXPECTED"));
      return connection.socket.close(4107, "INVALID_MESSAGE JOIN_EXPECTED flt_LATE");
    }
    connection.answer(id, { seq: 0, secret: "next" });
  });
  const m = meeting(server);
  const heard = listen(m);
  await m.join();
  server.cut();
  await vi.waitFor(() => expect(server.methods().filter((method) => method === "resume")).toHaveLength(3));
  await vi.waitFor(() => expect(m.state).toBe("CONNECTED"));
  expect(names(heard)).not.toContain("error");
});

test("a server that is starting again is waited for", async () => {
  let refusals = 3;
  server.on.set("resume", ({ id }, connection) => {
    if (refusals-- > 0) return connection.refuse(id, fault(5101, "SERVER_UNAVAILABLE", "DRAINING"));
    connection.answer(id, { seq: 0, secret: "next" });
  });
  const m = meeting(server);
  await m.join();
  server.cut();
  await vi.waitFor(() => expect(server.methods().filter((method) => method === "resume")).toHaveLength(4));
  await vi.waitFor(() => expect(m.state).toBe("CONNECTED"));
});

test("too slow a reader is cut off and comes back by itself", async () => {
  const m = meeting(server);
  const heard = listen(m);
  await m.join();
  server.last.socket.close(4106, "RATE_LIMITED SLOW_READER flt_Y");
  await vi.waitFor(() => expect(server.methods()).toContain("resume"));
  await vi.waitFor(() => expect(m.state).toBe("CONNECTED"));
  expect(names(heard)).not.toContain("error");
});

test("a socket that answers nothing is found by ping", async () => {
  server.on.set("join", ({ id }, connection) =>
    connection.answer(id, {
      state: "waiting",
      meetingId: "m",
      sessionId: "s1",
      participantId: "ann",
      secret: "x",
      resumeWindowMs: 3_000,
      pingIntervalMs: 50,
    }),
  );
  server.on.set("ping", () => undefined);
  const m = meeting(server);
  void m.join().catch(() => undefined);
  await vi.waitFor(() => expect(server.methods()).toContain("resume"), { timeout: 3_000 });
  // Pings are not sent again: their time has passed.
  const { id } = server.requests.find(({ method }) => method === "ping") ?? { id: -1 };
  expect(server.requests.filter((request) => request.id === id)).toHaveLength(1);
});

test.each([
  ["not JSON", "{"],
  ["not an object", "[]"],
  ["an event without seq", '{"method":"event","params":{"name":"speaker-changed","data":{}}}'],
  [
    "an event of a wrong shape",
    '{"method":"event","params":{"seq":1,"name":"speaker-changed","data":{"participantId":7}}}',
  ],
])("a broken frame is reported and harms nothing: %s", async (_, text) => {
  const reported = new Promise<Error>((resolve) => process.once("uncaughtException", resolve));
  const m = meeting(server);
  await m.join();
  server.last.raw(text);
  expect((await reported).message).toMatch(/JSON|is not|is an|not a/);
  await m.pubSub.publish("T", "still here");
  expect(m.state).toBe("CONNECTED");
});
