import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PubSubMessage } from "../src/types.js";
import { browser, closeAll, meeting } from "./environment.js";
import { fault, ScriptedServer, welcome } from "./server.js";

let server: ScriptedServer;
/** What the server keeps of the topic, and what it answers with. */
let persisted: Record<string, unknown>[];

const message = (id: string, more: object = {}): Record<string, unknown> => ({
  id,
  topic: "CHAT",
  message: id,
  senderId: "bob",
  senderName: "Bob",
  timestamp: new Date(Date.UTC(2026, 10, 28) + Number(id.replace(/\D/g, "")) * 1000).toISOString(),
  ...more,
});

beforeEach(async () => {
  browser();
  server = await ScriptedServer.start();
  persisted = [];
  server.on.set("pubsub.subscribe", ({ id, params }, connection) => {
    const limit = params["oldMessageLimit"] as number | undefined;
    const messages = limit === undefined ? persisted : persisted.slice(persisted.length - limit);
    connection.answer(id, { messages });
  });
});

afterEach(async () => {
  await closeAll();
  await server.close();
});

async function back(m: ReturnType<typeof meeting>): Promise<void> {
  await vi.waitFor(() => expect(m.state).toBe("RECONNECTING"), { interval: 1 });
  await vi.waitFor(() => expect(m.state).toBe("CONNECTED"));
}

/** Another node goes on with the session, which knows the persisted messages. */
async function takeOver(m: ReturnType<typeof meeting>): Promise<void> {
  server.on.set("resume", ({ id }, connection) =>
    connection.answer(id, { seq: 0, secret: "next", welcome: welcome("ann", ["bob"]) }),
  );
  server.forget();
  server.cut();
  await back(m);
}

async function subscribed(options?: { oldMessageLimit: number }): Promise<{
  m: ReturnType<typeof meeting>;
  told: string[];
  old: string[];
}> {
  const m = meeting(server);
  await m.join();
  const [told, old]: [string[], string[]] = [[], []];
  const listeners = {
    onMessageReceived: ({ id }: PubSubMessage) => void told.push(id),
    onOldMessagesReceived: (messages: PubSubMessage[]) => void old.push(...messages.map(({ id }) => id)),
  };
  await m.pubSub.subscribe("CHAT", listeners, options);
  return { m, told, old };
}

test.each([
  [undefined, ["m1", "m2"]],
  [{ oldMessageLimit: 1 }, ["m2"]],
  [{ oldMessageLimit: 0 }, []],
])("what was sent while another node took over is told once, in order (%j)", async (options, first) => {
  persisted = [message("m1"), message("m2")];
  const { m, told, old } = await subscribed(options);
  expect(old).toEqual(first);
  server.event("pubsub-message", message("m3"));
  await vi.waitFor(() => expect(told).toEqual(["m3"]));
  persisted.push(message("m3"), message("m4"), message("m5"));
  // A live message overtakes the answer, in which it is, too.
  server.on.set("pubsub.subscribe", ({ id }, connection) => {
    persisted.push(message("m6"));
    server.event("pubsub-message", message("m6"));
    server.event("pubsub-message", message("m7"));
    connection.answer(id, { messages: persisted });
  });
  await takeOver(m);
  await vi.waitFor(() => expect(told).toHaveLength(5));
  server.event("pubsub-message", message("m8"));
  await vi.waitFor(() => expect(told).toEqual(["m3", "m4", "m5", "m6", "m7", "m8"]));
  expect(old).toEqual(first);
});

test("of a new session all persisted messages are new", async () => {
  persisted = [message("m1")];
  const { m, told } = await subscribed();
  persisted = [message("n2"), message("n3")];
  server.on.set("resume", ({ id }, connection) =>
    connection.refuse(id, fault(3103, "RECONNECT_FAILED", "SESSION_UNKNOWN")),
  );
  server.cut();
  await back(m);
  await vi.waitFor(() => expect(told).toEqual(["n2", "n3"]));
});

test("messages that are not remembered any more are not told again", async () => {
  const { m, told } = await subscribed();
  persisted = [message("m1")];
  for (let n = 1; n <= 1500; n++) server.event("pubsub-message", message(`m${n}`));
  await vi.waitFor(() => expect(told).toHaveLength(1500));
  persisted.push(message("m1501"));
  await takeOver(m);
  await vi.waitFor(() => expect(told.slice(1499)).toEqual(["m1500", "m1501"]));
});

test("a private message is told to be one, and to whom it went where the server says so", async () => {
  const m = meeting(server);
  await m.join();
  const got: PubSubMessage[] = [];
  persisted = [message("m1", { private: true, sendOnly: ["ann"] })];
  got.push(...(await m.pubSub.subscribe("CHAT", (one) => got.push(one))));
  server.event("pubsub-message", message("m2", { private: true }));
  server.event("pubsub-message", message("m3"));
  await vi.waitFor(() => expect(got).toHaveLength(3));
  expect(got.map((one) => [one.private, one.sendOnly])).toEqual([
    [true, ["ann"]],
    [true, undefined],
    [undefined, undefined],
  ]);
  expect(Object.keys(got[2] ?? {})).not.toContain("private");
  // An empty list is everybody, as published.
  server.requests.length = 0;
  server.on.set("pubsub.publish", ({ id }, connection) => connection.answer(id, { id: "x", timestamp: "t" }));
  await m.pubSub.publish("CHAT", "x", { sendOnly: [] });
  await m.pubSub.publish("CHAT", "x", { sendOnly: ["bob"] });
  expect(server.requests.map(({ params }) => params["sendOnly"])).toEqual([undefined, ["bob"]]);
});
