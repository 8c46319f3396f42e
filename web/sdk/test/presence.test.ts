import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { browser, closeAll, meeting } from "./environment.js";
import { participant, ScriptedServer, welcome } from "./server.js";

let server: ScriptedServer;

beforeEach(async () => {
  browser();
  server = await ScriptedServer.start();
});

afterEach(async () => {
  await closeAll();
  await server.close();
});

test("whom the server cannot reach is told, by the meeting and the participant", async () => {
  const m = meeting(server);
  await m.join();
  const bob = m.participants.get("bob");
  expect(bob?.connectionState).toBe("CONNECTED");
  const told: unknown[] = [];
  m.on("participant-connection-changed", (change) => told.push(change));
  bob?.on("connection-changed", (change) => told.push(change));
  server.event("participant-connection-changed", { participantId: "bob", state: "RECONNECTING", lost: "signaling" });
  await vi.waitFor(() => expect(told).toHaveLength(2));
  expect(told).toEqual([
    { state: "RECONNECTING", lost: "signaling" },
    { participantId: "bob", state: "RECONNECTING", lost: "signaling" },
  ]);
  expect(bob?.connectionState).toBe("RECONNECTING");
  server.event("participant-connection-changed", { participantId: "bob", state: "CONNECTED" });
  await vi.waitFor(() => expect(bob?.connectionState).toBe("CONNECTED"));
  server.event("participant-connection-changed", { participantId: "gone", state: "CONNECTED" }); // harms nothing
});

test("who joins meanwhile sees it", async () => {
  const present = { ...participant("bob"), connectionState: "RECONNECTING" };
  server.on.set("join", ({ id }, connection) =>
    connection.answer(id, {
      state: "joined",
      meetingId: "m",
      sessionId: "s1",
      participantId: "ann",
      secret: "x",
      resumeWindowMs: 3_000,
      pingIntervalMs: 60_000,
      welcome: { ...welcome("ann"), participants: [present] },
    }),
  );
  const m = meeting(server);
  await m.join();
  expect(m.participants.get("bob")?.connectionState).toBe("RECONNECTING");
});

test("the next attempt is told, and need not be waited for", async () => {
  const m = meeting(server, {});
  const attempts: { attempt: number; inMs: number }[] = [];
  m.on("reconnect-scheduled", (attempt) => attempts.push(attempt));
  await m.join();
  server.on.set("resume", ({ id }, connection) =>
    connection.refuse(id, {
      code: 4106,
      name: "RATE_LIMITED",
      reason: "ADDRESS_JOINS",
      message: "m",
      detail: "d",
      remedy: "r",
      fatal: true,
      retryable: true,
      retryAfterMs: 60_000,
      id: "flt_X",
      causeId: "",
      docs: "",
      consoleUrl: "",
      at: "2026-11-22T07:07:42.120Z",
      meetingId: "",
      sessionId: "",
      participantId: "",
    }),
  );
  server.cut();
  await vi.waitFor(() => expect(attempts.at(-1)?.inMs).toBeGreaterThan(2_000));
  expect(m.state).toBe("RECONNECTING");
  server.on.delete("resume");
  m.reconnectNow();
  await vi.waitFor(() => expect(m.state).toBe("CONNECTED"));
  m.reconnectNow(); // nothing to do
});

test("a device that goes offline asks at once whether the server is there", async () => {
  const page = new EventTarget();
  vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
  vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
  const m = meeting(server);
  await m.join();
  page.dispatchEvent(new Event("offline")); // the server is on this machine, and answers
  await vi.waitFor(() => expect(server.methods()).toContain("ping"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(m.state).toBe("CONNECTED");
  server.on.set("ping", () => undefined);
  page.dispatchEvent(new Event("offline"));
  await vi.waitFor(() => expect(m.state).toBe("RECONNECTING"), { timeout: 10_000 });
}, 15_000);
