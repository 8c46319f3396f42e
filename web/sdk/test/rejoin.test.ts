import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { browser, closeAll, listen, meeting, names } from "./environment.js";
import { fault, ScriptedServer } from "./server.js";

let server: ScriptedServer;

beforeEach(async () => {
  browser();
  server = await ScriptedServer.start();
});

afterEach(async () => {
  await closeAll();
  await server.close();
});

const left = { code: 3056, reason: "LEFT", details: { method: "join" } };

test("a meeting that was left is joined again, as if for the first time", async () => {
  const m = meeting(server);
  const heard = listen(m);
  await m.join();
  await m.pubSub.subscribe("CHAT", () => expect.unreachable());
  await m.leave();
  await expect(m.muteMic()).rejects.toMatchObject({ code: 3035, reason: "LEFT" });
  heard.length = 0;
  await m.join();
  expect([m.state, m.sessionId, [...m.participants.keys()], m.localParticipant.id]).toEqual([
    "CONNECTED",
    "s1",
    ["bob"],
    "ann",
  ]);
  expect(names(heard).filter((name) => name !== "meeting-state-changed")).toEqual([
    "entry-responded",
    "meeting-joined",
    "participant-joined",
    "main-participant-changed",
  ]);
  await m.leave();
  expect(heard.filter(([name]) => name === "error")).toEqual([]);
  expect(server.methods()).toEqual(["join", "pubsub.subscribe", "leave", "join", "leave"]);
});

// React's StrictMode runs effect, cleanup, effect without waiting for anything.
test("join, leave and join at once ends in the meeting", async () => {
  const m = meeting(server);
  const heard = listen(m);
  const first = m.join();
  const leaving = m.leave();
  const second = m.join();
  await expect(first).rejects.toMatchObject(left);
  await Promise.all([leaving, second]);
  expect(m.state).toBe("CONNECTED");
  expect(names(heard).filter((name) => name === "meeting-joined")).toHaveLength(1);
  await m.respondEntry("x", "allowed").catch(() => undefined);
  expect(m.state).toBe("CONNECTED");
});

test("a join that was sent before leaving is taken back at the server", async () => {
  server.on.set("join", () => undefined); // its answer is under way
  const m = meeting(server);
  const first = m.join();
  await vi.waitFor(() => expect(server.methods()).toEqual(["join"]));
  server.on.delete("join");
  const leaving = m.leave();
  const second = m.join();
  await expect(first).rejects.toMatchObject(left);
  await Promise.all([leaving, second]);
  await vi.waitFor(() => expect(server.methods().toSorted()).toEqual(["join", "join", "leave"]));
  expect(m.state).toBe("CONNECTED");
});

test("a join while leaving waits for it", async () => {
  const m = meeting(server);
  const heard = listen(m);
  await m.join();
  const leaving = m.leave();
  await Promise.all([leaving, m.join()]);
  expect(m.state).toBe("CONNECTED");
  expect(names(heard).filter((name) => name.startsWith("meeting-") && name !== "meeting-state-changed")).toEqual([
    "meeting-joined",
    "meeting-left",
    "meeting-joined",
  ]);
  expect(server.methods()).toEqual(["join", "leave", "join"]);
});

test("the last word counts: join, leave, join, leave ends outside", async () => {
  const m = meeting(server);
  await m.join();
  const calls = [m.leave(), m.join(), m.leave()];
  await expect(calls[1]).rejects.toMatchObject(left);
  await Promise.all([calls[0], calls[2]]);
  expect(m.state).toBe("DISCONNECTED");
  expect(server.methods()).toEqual(["join", "leave"]);
});

test("who was put out, or kept out, can join again from the event that says so", async () => {
  const m = meeting(server);
  listen(m);
  await m.join();
  const again = new Promise<void>((resolve) => m.once("meeting-left", () => resolve(m.join())));
  server.last.socket.close(4103, "PARTICIPANT_REMOVED BY_MODERATOR flt_X");
  await again;
  expect(m.state).toBe("CONNECTED");
  await m.leave();

  server.on.set("join", ({ id }, connection) => connection.refuse(id, fault(4002, "INVALID_TOKEN", "EXPIRED")));
  await expect(m.join()).rejects.toMatchObject({ code: 4002 });
  expect(m.state).toBe("FAILED");
  server.on.delete("join");
  await m.join();
  expect(m.state).toBe("CONNECTED");
});
