// send and the event data, realtimeStore, and pubSub with its listeners and limits.
import { VideoSDK, type DataMessage, type Meeting, type PubSubMessage } from "@klatch/sdk";
import { check, equal, given, next, rejects, run, until } from "./page.js";

const sleep = (ms: number) => new Promise((wake) => setTimeout(wake, ms));
const text = (payload: DataMessage["payload"]) =>
  typeof payload === "string" ? payload : `bytes ${new TextDecoder().decode(payload)}`;

run(async () => {
  VideoSDK.config(given.token);
  const enter = async (name: string, mode?: "RECV_ONLY" | "SIGNALLING_ONLY"): Promise<Meeting> => {
    const meeting = VideoSDK.initMeeting({
      meetingId: given.meetingId,
      participantId: name,
      signalingBaseUrl: given.server,
      micEnabled: false,
      webcamEnabled: false,
      ...(mode && { mode }),
    });
    await meeting.join();
    return meeting;
  };
  const [ann, bob, cat] = await Promise.all([enter("ann"), enter("bob"), enter("cat", "RECV_ONLY")]);
  await data(ann, bob, cat);
  await store(ann, bob, cat);
  await topics(ann, bob);
  const measured = await latency(ann, bob);
  await Promise.all([ann.leave(), bob.leave(), cat.leave()]);
  return measured;
});

async function data(ann: Meeting, bob: Meeting, cat: Meeting): Promise<void> {
  const heard: Record<string, DataMessage[]> = { ann: [], bob: [], cat: [] };
  for (const meeting of [ann, bob, cat])
    meeting.on("data", (message) => heard[meeting.localParticipant.id]!.push(message));
  const connections = () => (globalThis as { connections?: unknown[] }).connections?.length ?? 0;
  equal("no connection before the first message", connections(), 0);

  const bytes = (s: string) => new TextEncoder().encode(s);
  equal("a string", await ann.send("one"), true);
  await ann.send(new Blob(["two"]));
  await ann.send(bytes("three"), { reliability: "RELIABLE" });
  await ann.send(bytes("four").buffer as ArrayBuffer);
  await ann.send("five €", { reliability: "RELIABLE" });
  const want = ["one", "bytes two", "bytes three", "bytes four", "five €"];
  for (const one of ["bob", "cat"]) {
    await until(`${one} hears`, () => heard[one]!.length === want.length);
    equal(
      `${one} hears in order`,
      heard[one]!.map(({ payload }) => text(payload)),
      want,
    );
  }
  const first = heard["bob"]![0]!;
  equal("from", first.from, "ann");
  equal("reliability", first.reliability, "reliable");
  check(`timestamp ${first.timestamp}`, Math.abs(first.timestamp - Date.now()) < 60_000);
  equal("not to oneself", heard["ann"], []);

  await bob.send("fast", { reliability: "UNRELIABLE" });
  await until("unreliable", () => heard["ann"]!.length === 1);
  equal("unreliable", [heard["ann"]![0]!.reliability, heard["ann"]![0]!.from], ["unreliable", "bob"]);
  equal("15 KiB", await ann.send("x".repeat(15 * 1024)), true);

  const late = { code: 3068, reason: "PAYLOAD_TOO_LARGE" };
  await rejects("15 KiB and one", () => ann.send("x".repeat(15 * 1024 + 1)), late);
  await rejects("bytes in UTF-8", () => ann.send("€".repeat(6 * 1024)), late);
  await rejects("a large Blob", () => ann.send(new Blob(["x".repeat(16 * 1024)])), late);
  await rejects("an object", () => ann.send({ a: 1 } as never), { code: 3068, reason: "PAYLOAD_TYPE" });
  await rejects("nothing", () => ann.send(undefined as never), { code: 3068, reason: "PAYLOAD_TYPE" });
  await rejects("a mode", () => ann.send("x", { reliability: "FAST" as never }), { code: 3073, reason: "NOT_ALLOWED" });
  await rejects("RECV_ONLY", () => cat.send("x"), { code: 3066, reason: "MODE" });
}

async function store(ann: Meeting, bob: Meeting, cat: Meeting): Promise<void> {
  const seen: unknown[] = [];
  equal("nothing yet", await ann.realtimeStore.getValue("k"), null);
  const id = await bob.realtimeStore.observe("k", (value: string | null, updatedBy: string) =>
    seen.push([value, updatedBy]),
  );
  equal("an id", typeof id, "string");
  await ann.realtimeStore.setValue("k", "v");
  await cat.realtimeStore.setValue("k", "w"); // RECV_ONLY
  await ann.realtimeStore.setValue("k", null);
  await until("the observer is called", () => seen.length === 3);
  equal("what it is called with", seen, [
    ["v", "ann"],
    ["w", "cat"],
    [null, "ann"],
  ]);
  await ann.realtimeStore.setValue("late", "stays");
  equal("another reads", await cat.realtimeStore.getValue("late"), "stays");
  await bob.realtimeStore.stopObserving(id);
  await ann.realtimeStore.setValue("k", "unheard");
  equal("stopped", [await bob.realtimeStore.getValue("k"), seen.length], ["unheard", 3]);

  equal("1 KiB", await ann.realtimeStore.setValue("k", "x".repeat(1024)), undefined);
  await rejects("more", () => ann.realtimeStore.setValue("k", "x".repeat(1025)), { code: 3072, reason: "VALUE" });
  await rejects("no key", () => ann.realtimeStore.getValue(undefined as never), { code: 3073, reason: "MISSING" });
  await rejects("a number", () => ann.realtimeStore.setValue("k", 5 as never), { code: 3073, reason: "WRONG_TYPE" });
  await rejects("no function", () => ann.realtimeStore.observe("k", 5 as never), { code: 3073, reason: "WRONG_TYPE" });
  await rejects("a bad key", () => ann.realtimeStore.setValue("", "v"), { code: 4045, reason: "BAD_KEY" });
  await rejects("a bad key to get", () => ann.realtimeStore.getValue("a\nb"), { code: 4046, reason: "BAD_KEY" });
  await rejects("a bad key to observe", () => ann.realtimeStore.observe("", () => {}), {
    code: 4085,
    reason: "BAD_KEY",
  });
  await rejects("twice", () => bob.realtimeStore.stopObserving(id), { code: 4086, reason: "UNKNOWN_OBSERVER" });
}

async function topics(ann: Meeting, bob: Meeting): Promise<void> {
  await ann.pubSub.publish("T", "old", { persist: true }, { n: 0 });
  const one: string[] = [];
  const batches: number[] = [];
  const old: unknown[] = [];
  const listeners = {
    onMessageReceived: (message: PubSubMessage) => one.push(message.message),
    onBatchReceived: (messages: PubSubMessage[]) => batches.push(messages.length),
    onOldMessagesReceived: (messages: PubSubMessage[], info: { isLast: boolean }) =>
      old.push(
        messages.map((m) => [m.message, m.payload]),
        info.isLast,
      ),
  };
  await bob.pubSub.subscribe("T", listeners);
  equal("old messages", old, [[["old", { n: 0 }]], true]);
  equal(
    "a function gets them as a result",
    (await bob.pubSub.subscribe("T", () => {})).map((m) => m.message),
    ["old"],
  );
  await Promise.all(Array.from({ length: 20 }, (_, i) => ann.pubSub.publish("T", `m${i}`)));
  await until("all messages, and in batches", () => batches.reduce((a, b) => a + b, 0) === 20);
  equal(
    "in order",
    one,
    Array.from({ length: 20 }, (_, i) => `m${i}`),
  );
  await bob.pubSub.unsubscribe("T", listeners);
  const objects: unknown[] = [];
  await bob.pubSub.subscribe("O", { onMessageReceived: ({ message }) => objects.push(message) });
  await ann.pubSub.publish("O", { question: "Tea?" } as unknown as string, { persist: true });
  await until("a message that is an object", () => objects.length > 0);
  equal("as published apps have it", objects, [{ question: "Tea?" }]);
  equal(
    "and from the history",
    (await ann.pubSub.subscribe("O", () => {})).map((m) => m.message as unknown),
    [{ question: "Tea?" }],
  );
  await ann.pubSub.publish("T", "unheard");

  const limited: string[] = [];
  let dropped = 0;
  const slow = {
    onMessageReceived: (message: PubSubMessage) => void limited.push(message.message),
    onMessageDrop: ({ droppedCount }: { droppedCount: number }) => void (dropped += droppedCount),
  };
  await bob.pubSub.subscribe("Q", slow, { newMessageLimit: 4, maxQueue: 2 });
  await Promise.all(Array.from({ length: 20 }, (_, i) => ann.pubSub.publish("Q", `${i}`)));
  await until("the limit: 4 at once, 8 wait, 8 are dropped", () => limited.length + dropped === 20);
  equal("counts", [limited.length, dropped], [12, 8]);
  equal("the newest stay", limited, [0, 1, 2, 3, 12, 13, 14, 15, 16, 17, 18, 19].map(String));
  await bob.pubSub.unsubscribe("Q", slow);
  limited.length = dropped = 0;
  await bob.pubSub.subscribe("D", slow, { newMessageLimit: 4, realtimeOverflow: "drop" });
  await Promise.all(Array.from({ length: 10 }, (_, i) => ann.pubSub.publish("D", `${i}`)));
  await until("drop", () => limited.length + dropped === 10);
  check(`dropped ${dropped}`, dropped >= 2);
  equal("unsubscribed", one.length, 20);

  const refused = (reason: string) => ({ code: 3073, reason });
  await rejects("a message", () => ann.pubSub.publish("T", 5 as never), refused("WRONG_TYPE"));
  await rejects("a payload", () => ann.pubSub.publish("T", "x", {}, "text" as never), refused("WRONG_TYPE"));
  await rejects("sendOnly", () => ann.pubSub.publish("T", "x", { sendOnly: "ann" as never }), refused("WRONG_TYPE"));
  const to = (name: string, value: unknown) => () => ann.pubSub.subscribe("T", { [name]: value } as never);
  for (const name of ["onMessageReceived", "onBatchReceived", "onOldMessagesReceived", "onMessageDrop"])
    await rejects(name, to(name, 5), refused("WRONG_TYPE"));
  const by = (options: object) => () => ann.pubSub.subscribe("T", {}, options);
  await rejects("maxQueue with drop", by({ maxQueue: 5, realtimeOverflow: "drop" }), refused("CONFLICT"));
  await rejects("maxQueue", by({ maxQueue: 201 }), refused("OUT_OF_RANGE"));
  await rejects("newMessageLimit", by({ newMessageLimit: 0 }), refused("OUT_OF_RANGE"));
  await rejects("oldMessageLimit", by({ oldMessageLimit: -1 }), refused("OUT_OF_RANGE"));
  await rejects("realtimeOverflow", by({ realtimeOverflow: "lose" }), refused("NOT_ALLOWED"));
  await rejects("a topic", () => ann.pubSub.subscribe("", {}), { code: 4088, reason: "BAD_TOPIC" });
  await rejects("a topic to leave", () => ann.pubSub.unsubscribe(""), { code: 4089, reason: "BAD_TOPIC" });
}

/** The median of round trips by data messages and by pubSub, in ms. */
async function latency(ann: Meeting, bob: Meeting): Promise<Record<string, number>> {
  bob.on("data", ({ payload, reliability }) => {
    if (payload === "ping")
      void bob.send("pong", { reliability: reliability === "reliable" ? "RELIABLE" : "UNRELIABLE" });
  });
  await bob.pubSub.subscribe("PING", () => void bob.pubSub.publish("PONG", "pong"));
  const pong: { heard?: () => void } = {};
  await ann.pubSub.subscribe("PONG", () => pong.heard?.());
  const time = async (send: () => Promise<unknown>, heard: () => Promise<unknown>): Promise<number> => {
    const all: number[] = [];
    for (let i = 0; i < 15; i++) {
      const began = performance.now();
      const back = heard();
      await send();
      await back;
      all.push(performance.now() - began);
      await sleep(10);
    }
    return all.toSorted((a, b) => a - b)[7]!;
  };
  return {
    reliable: await time(
      () => ann.send("ping"),
      () => next(ann, "data"),
    ),
    unreliable: await time(
      () => ann.send("ping", { reliability: "UNRELIABLE" }),
      () => next(ann, "data"),
    ),
    pubSub: await time(
      () => ann.pubSub.publish("PING", "ping"),
      () => new Promise<void>((resolve) => (pong.heard = resolve)),
    ),
  };
}
