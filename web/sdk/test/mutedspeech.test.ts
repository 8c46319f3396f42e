import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Diagnoses } from "../src/diagnosis.js";
import type { Fault } from "../src/fault.js";
import { MutedSpeech } from "../src/mutedspeech.js";

/** The root mean square of what the microphone gives. */
let volume: number;
let told: string[];
let stopped: number;

beforeEach(() => {
  vi.useFakeTimers();
  volume = 0.001;
  told = [];
  stopped = 0;
  class Context {
    state = "running";
    currentTime = 10;
    sampleRate = 48_000;
    createAnalyser = (): object => ({ getFloatTimeDomainData: (samples: Float32Array) => samples.fill(volume) });
    createMediaStreamSource = (): object => ({ connect: () => undefined });
    close = (): Promise<void> => Promise.resolve();
  }
  vi.stubGlobal("AudioContext", Context);
  vi.stubGlobal("MediaStream", class {});
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("speech while muted is told once until the microphone is unmuted; noise and a cough are not", async () => {
  const microphone = { label: "Mic", clone: () => ({ stop: () => stopped++ }) } as unknown as MediaStreamTrack;
  let muted: MediaStreamTrack | undefined;
  const owner = {
    fault: ({ code, reason }: Fault) => told.push(`${code} ${reason}`),
    cleared: ({ reason }: Fault) => told.push(`cleared ${reason}`),
  };
  const diagnoses = new Diagnoses(owner, [new MutedSpeech({ mutedMicrophone: () => muted, where: () => ({}) })]);
  const sounds = async (ms: number, level: number): Promise<void> => {
    volume = level;
    await vi.advanceTimersByTimeAsync(ms);
    volume = 0.001;
  };
  const speaks = async (words: number): Promise<void> => {
    for (let i = 0; i < words; i++) {
      await sounds(300, 0.1);
      await sounds(200, 0.001);
    }
  };
  await speaks(10);
  expect(told).toEqual([]); // not muted
  muted = microphone;
  await sounds(1_400, 0.1); // the end of a sentence
  await sounds(3_000, 0.001);
  await sounds(500, 0.3); // a cough
  await sounds(5_000, 0.001);
  await sounds(60_000, 0.004); // a fan, and below what counts as loud
  await sounds(5_000, 0.001);
  expect(told).toEqual([]);
  await speaks(8);
  expect(told).toEqual(["3106 SPEAKING_WHILE_MUTED"]);
  await sounds(12_000, 0.001);
  expect(told[1]).toBe("cleared SPEAKING_WHILE_MUTED");
  await speaks(20);
  expect(told).toHaveLength(2);
  muted = undefined;
  await sounds(1_000, 0.001);
  expect(stopped).toBe(1);
  muted = microphone;
  await sounds(3_000, 0.001);
  await speaks(8);
  expect(told).toHaveLength(3);
  diagnoses.close();
  expect(stopped).toBe(2);
});
