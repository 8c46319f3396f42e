import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { decodeData } from "../src/data.js";
import { Delivery } from "../src/delivery.js";
import type { PubSubMessage, SubscribeOptions } from "../src/types.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const message = (text: string): PubSubMessage => ({
  id: text,
  topic: "T",
  message: text,
  senderId: "ann",
  senderName: "Ann",
  timestamp: "2026-11-26T20:00:00Z",
});

function delivery(options: SubscribeOptions): {
  told: string[];
  batches: string[][];
  dropped: number[];
  one: Delivery;
} {
  const told: string[] = [];
  const batches: string[][] = [];
  const dropped: number[] = [];
  const one = new Delivery(
    {
      onMessageReceived: ({ message }) => void told.push(message),
      onBatchReceived: (messages) => void batches.push(messages.map(({ message }) => message)),
      onMessageDrop: ({ droppedCount }) => void dropped.push(droppedCount),
    },
    options,
  );
  return { told, batches, dropped, one };
}

test("without a limit each message is told at once, and those that came together as a batch", async () => {
  const { told, batches, dropped, one } = delivery({});
  for (const text of ["a", "b", "c"]) one.take(message(text), 0);
  expect(told).toEqual(["a", "b", "c"]);
  await vi.advanceTimersByTimeAsync(1);
  expect(batches).toEqual([["a", "b", "c"]]);
  expect(dropped).toEqual([]);
});

test("newMessageLimit holds messages back, in order, and the oldest give way", async () => {
  const { told, batches, dropped, one } = delivery({ newMessageLimit: 2, maxQueue: 2 });
  for (const text of ["a", "b", "c", "d", "e", "f", "g"]) one.take(message(text), 0);
  expect(told).toEqual(["a", "b"]);
  await vi.advanceTimersByTimeAsync(499);
  expect(told).toEqual(["a", "b"]);
  await vi.advanceTimersByTimeAsync(2);
  expect(told).toEqual(["a", "b", "d", "e"]);
  await vi.advanceTimersByTimeAsync(502);
  expect(told).toEqual(["a", "b", "d", "e", "f", "g"]);
  expect(batches).toEqual([
    ["a", "b"],
    ["d", "e"],
    ["f", "g"],
  ]);
  expect(dropped).toEqual([1]);
});

test("drop tells how many it dropped, of those above the limit and of late ones", async () => {
  const { told, dropped, one } = delivery({ newMessageLimit: 2, realtimeOverflow: "drop" });
  for (const text of ["a", "b", "c", "d"]) one.take(message(text), 0);
  await vi.advanceTimersByTimeAsync(600);
  one.take(message("late"), 2_000);
  one.take(message("e"), 0);
  await vi.advanceTimersByTimeAsync(600);
  expect(told).toEqual(["a", "b", "e"]);
  expect(dropped.reduce((a, b) => a + b)).toBe(3);
});

test("a closed delivery tells nothing more", async () => {
  const { told, batches, one } = delivery({ newMessageLimit: 1 });
  one.take(message("a"), 0);
  one.take(message("b"), 0);
  one.close();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(told).toEqual(["a"]);
  expect(batches).toEqual([]);
});

test("a frame of the server is read, and another one dropped", () => {
  const frame = (form: number, id: string, payload: string, idLength = id.length): ArrayBuffer => {
    const bytes = new Uint8Array([form, 0, 0, 0, 0, 0, 0, 3, 232, idLength, ...new TextEncoder().encode(id + payload)]);
    return bytes.buffer;
  };
  expect(decodeData(frame(2, "ann", "hé"), "RELIABLE")).toEqual({
    payload: "hé",
    from: "ann",
    timestamp: 1000,
    reliability: "reliable",
  });
  const binary = decodeData(frame(1, "ann", "x"), "UNRELIABLE");
  expect([binary?.payload, binary?.reliability]).toEqual([new Uint8Array([120]), "unreliable"]);
  expect(decodeData(frame(3, "ann", "x"), "RELIABLE")).toBeUndefined();
  expect(decodeData(frame(1, "ann", "", 4), "RELIABLE")).toBeUndefined();
  expect(decodeData(new ArrayBuffer(9), "RELIABLE")).toBeUndefined();
});
