import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Silence } from "../src/silence.js";

/** What the selected pair has carried, and what is asked of it. */
const pair = { id: "p", type: "candidate-pair", nominated: true, state: "succeeded", bytesSent: 0, bytesReceived: 0 };
let stats: (typeof pair)[];
let expected: boolean;
let changes: boolean[];
let silence: Silence;

beforeEach(() => {
  vi.useFakeTimers();
  stats = [{ ...pair }];
  expected = true;
  changes = [];
  const pc = {
    connectionState: "connected",
    getTransceivers: () => [],
    getStats: () => Promise.resolve(new Map(stats.map((one) => [one.id, one]))),
  };
  silence = new Silence(
    pc as unknown as RTCPeerConnection,
    () => expected,
    (silent) => changes.push(silent),
  );
});

afterEach(() => {
  silence.close();
  vi.useRealTimers();
});

async function flow(forMs: number): Promise<void> {
  for (let ms = 0; ms < forMs; ms += 100) {
    for (const one of stats) one.bytesReceived += 100;
    await vi.advanceTimersByTimeAsync(100);
  }
}

test("what flows and stops is silent after a second and a half, and once", async () => {
  await flow(5_000);
  expect(changes).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(changes).toEqual([true]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(changes).toEqual([true]);
  await flow(1_000);
  expect(changes).toEqual([true, false]);
});

test("a pair that the browser has forgotten is silent too", async () => {
  await flow(2_000);
  stats = [];
  await vi.advanceTimersByTimeAsync(2_000);
  expect(changes).toEqual([true]);
});

test("where nothing must come silence is none", async () => {
  await flow(2_000);
  expected = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(changes).toEqual([]);
});
