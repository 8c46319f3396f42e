import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Clock } from "../src/clock.js";
import { DefaultMicrophone } from "../src/defaultmicrophone.js";
import { Diagnoses, type Diagnosis, type Found } from "../src/diagnosis.js";
import type { Fault } from "../src/fault.js";
import { Limited } from "../src/limited.js";
import { SilentMicrophone } from "../src/silentmicrophone.js";
import { Suspension } from "../src/suspension.js";

let told: string[];
let faults: Fault[];
let diagnoses: Diagnoses | undefined;

const owner = {
  fault: (fault: Fault) => {
    faults.push(fault);
    told.push(`${fault.code} ${fault.reason}`);
  },
  cleared: ({ reason }: Fault, forMs: number) => told.push(`cleared ${reason} ${forMs}`),
};
const where = (): object => ({});
const begin = (...list: Diagnosis[]): Diagnoses => (diagnoses = new Diagnoses(owner, list));
const seconds = (n: number): Promise<unknown> => vi.advanceTimersByTimeAsync(n * 1_000);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout", "Date", "performance"] });
  told = [];
  faults = [];
});

afterEach(() => {
  diagnoses?.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what lasts is told once, after its delay, and when it has been gone for as long as it says", async () => {
  let found: Found;
  const make = (forMs: number): Fault => ({ code: 1, reason: `R${forMs}` }) as unknown as Fault;
  begin({ every: 1_000, after: 3_000, until: 2_000, look: () => found });
  found = make;
  await seconds(3);
  found = undefined;
  await seconds(5);
  expect(told).toEqual([]); // over before its delay
  found = make;
  await seconds(4);
  expect(told).toEqual(["1 R3000"]);
  found = "unknown";
  await seconds(60);
  found = undefined;
  await seconds(1);
  found = make;
  await seconds(10);
  expect(told).toHaveLength(1);
  found = undefined;
  await seconds(2);
  expect(told[1]).toMatch(/^cleared R3000 /);
  diagnoses?.close();
  found = make;
  await seconds(60);
  expect(told).toHaveLength(2);
});

test("a look that throws says nothing, and the others go on", async () => {
  begin(
    { every: 500, after: 0, look: () => Promise.reject(new Error("no statistics")) },
    { every: 500, after: 0, look: () => () => ({ code: 2, reason: "OTHER" }) as unknown as Fault },
  );
  await seconds(2);
  expect(told).toEqual(["2 OTHER"]);
});

test("a microphone of zeros is told; one that has them between words is told once more at most", async () => {
  const track = { label: "Mic" } as MediaStreamTrack;
  let energy = 1;
  const stats = (): Promise<RTCStatsReport> =>
    Promise.resolve(new Map([["s", { type: "media-source", totalAudioEnergy: energy }]]) as unknown as RTCStatsReport);
  begin(new SilentMicrophone({ microphone: () => track, stats, where }));
  await seconds(10);
  expect(told).toEqual([]);
  await seconds(2);
  expect(told).toEqual(["3012 SILENT_MICROPHONE"]);
  expect(faults[0]).toMatchObject({ fatal: false, details: { label: "Mic", soundBefore: false } });
  const speak = async (n: number): Promise<void> => {
    for (let i = 0; i < 2 * n; i++) {
      energy += 0.001;
      await vi.advanceTimersByTimeAsync(500);
    }
  };
  await speak(2);
  expect(told[1]).toMatch(/^cleared SILENT_MICROPHONE/);
  await seconds(25); // listens behind a noise gate
  await speak(1);
  expect(told).toHaveLength(2);
  await seconds(35);
  expect(told[2]).toBe("3012 SILENT_MICROPHONE");
  expect(faults[1]).toMatchObject({ details: { soundBefore: true } });
  await speak(1);
  for (let i = 0; i < 3; i++) {
    await seconds(60);
    await speak(1);
  }
  expect(told).toHaveLength(4);
});

test.each([
  ["bandwidth", "3106 UPLINK_LIMITED"],
  ["cpu", "3106 CPU_LIMITED"],
] as const)("a picture that %s makes small is told after 20 s", async (by, key) => {
  let height = 180;
  let reason: string = by;
  const track = { getSettings: () => ({}) } as unknown as MediaStreamTrack;
  const stats = (): Promise<RTCStatsReport> =>
    Promise.resolve(
      new Map<string, object>([
        ["s", { type: "media-source", width: 1280, height: 720, framesPerSecond: 30 }],
        [
          "o",
          {
            type: "outbound-rtp",
            active: true,
            frameWidth: (height * 16) / 9,
            frameHeight: height,
            framesPerSecond: 29.6,
            qualityLimitationReason: reason,
          },
        ],
        ["p", { type: "candidate-pair", availableOutgoingBitrate: 123_456.7 }],
      ]) as unknown as RTCStatsReport,
    );
  let scale = 4;
  const limited = {
    picture: (kind: string) => (kind === "video" ? track : undefined),
    stats,
    scale: () => scale,
    where,
  };
  begin(new Limited("bandwidth", limited), new Limited("cpu", limited));
  await seconds(60); // it is meant to be that small
  expect(told).toEqual([]);
  scale = 1;
  await seconds(19);
  expect(told).toEqual([]);
  await seconds(4);
  expect(told).toEqual([key]);
  expect(faults[0]).toMatchObject({
    details: { kind: "video", width: 320, height: 180, framesPerSecond: 30, sourceWidth: 1280, sourceHeight: 720 },
  });
  height = 540; // still limited, and good enough
  await seconds(8);
  expect(told[1]).toMatch(/^cleared /);
  height = 180;
  reason = "none";
  await seconds(60);
  expect(told).toHaveLength(2);
});

test("a camera of which the browser takes few frames, because it can send few, is told", async () => {
  let rate = 25;
  const track = { getSettings: () => ({}) } as unknown as MediaStreamTrack;
  const stats = (): Promise<RTCStatsReport> =>
    Promise.resolve(
      new Map<string, object>([
        ["s", { type: "media-source", width: 960, height: 540, framesPerSecond: rate }],
        [
          "o",
          {
            type: "outbound-rtp",
            active: true,
            frameWidth: 240,
            frameHeight: 135,
            framesPerSecond: rate,
            qualityLimitationReason: rate === 25 ? "none" : "bandwidth",
          },
        ],
      ]) as unknown as RTCStatsReport,
    );
  // The server has the larger encodings switched off, since they do not arrive.
  const picture = (kind: string): MediaStreamTrack | undefined => (kind === "video" ? track : undefined);
  begin(new Limited("bandwidth", { picture, stats, scale: () => 4, where }));
  await seconds(30);
  expect(told).toEqual([]);
  rate = 6;
  await seconds(24);
  expect(told).toEqual(["3106 UPLINK_LIMITED"]);
  expect(faults[0]).toMatchObject({ details: { framesPerSecond: 6, height: 135, availableBps: 0 } });
  rate = 25;
  await seconds(8);
  expect(told[1]).toMatch(/^cleared /);
});

test("a page that did not run is told when it runs again; a clock that was set is not", async () => {
  const listening = { addEventListener: () => undefined, removeEventListener: () => undefined };
  vi.stubGlobal("document", { visibilityState: "hidden", ...listening });
  let serverTime = Date.now();
  const ping = (): Promise<unknown> => Promise.resolve({ serverTime: new Date(serverTime).toISOString() });
  const clock = new Clock({ ping, tokenLeewayMs: () => 1e9, where });
  begin(new Suspension({ where }, clock), clock);
  const run = async (n: number): Promise<void> => {
    for (let i = 0; i < n; i++) {
      serverTime += 1_000;
      await seconds(1);
    }
  };
  const jump = (ms: number): void => void vi.setSystemTime(Date.now() + ms);
  await run(6);
  jump(3_600_000); // by the user or by NTP: the server's clock did not move
  await run(6);
  expect(told).toEqual([]);
  jump(120_000); // the machine slept, and performance.now with it
  serverTime += 120_000;
  await run(3);
  expect(told).toEqual(["3106 TAB_SUSPENDED"]);
  expect(faults[0]?.details).toMatchObject({ visibility: "hidden", frozen: false });
  await run(6);
  expect(told[1]).toMatch(/^cleared TAB_SUSPENDED/);
});

test("a clock with which tokens are refused is told, and when it is right", async () => {
  let aheadMs = 61_500;
  const ping = (): Promise<unknown> => Promise.resolve({ serverTime: new Date(Date.now() - aheadMs).toISOString() });
  begin(new Clock({ ping, tokenLeewayMs: () => 60_000, where }));
  await seconds(6);
  expect(told).toEqual(["3106 CLOCK_WRONG"]);
  expect(faults[0]?.details).toMatchObject({ offBySec: 62, leewaySec: 60 });
  aheadMs = -59_000;
  await seconds(6);
  expect(told[1]).toMatch(/^cleared CLOCK_WRONG/);
  expect(told).toHaveLength(2);
});

test.each([
  ["as Chromium lists it, under an id of its own", true],
  ["as Firefox and Safari do, first", false],
])("another default microphone is told: %s", async (_, pseudo) => {
  const [inner, headset] = ["inner", "headset"].map((deviceId) => ({
    deviceId,
    groupId: `of ${deviceId}`,
    kind: "audioinput",
    label: deviceId,
  }));
  const listed = (first: object | undefined, second: object | undefined): object[] => [
    ...(pseudo ? [{ ...first, deviceId: "default", label: "Default" }] : []),
    { ...first },
    { ...second },
  ];
  let devices = listed(inner, headset);
  const listeners = { addEventListener: () => undefined, removeEventListener: () => undefined };
  vi.stubGlobal("navigator", { mediaDevices: { enumerateDevices: () => Promise.resolve(devices), ...listeners } });
  let track = { getSettings: () => ({ deviceId: pseudo ? "default" : "inner" }) } as MediaStreamTrack | undefined;
  begin(new DefaultMicrophone({ defaultMicrophone: () => track, where }));
  await seconds(10);
  expect(told).toEqual([]);
  devices = listed(headset, inner);
  await seconds(3);
  expect(told).toEqual(["3106 DEVICE_CHANGED"]);
  expect(faults[0]?.details).toEqual({ kind: "audio", label: "inner", defaultLabel: "headset" });
  devices = listed(inner, headset);
  await seconds(3);
  expect(told[1]).toMatch(/^cleared DEVICE_CHANGED/);
  devices = listed(headset, inner);
  await seconds(3);
  expect(told).toHaveLength(3);
  track = undefined; // switched off, or another one was chosen
  await seconds(3);
  expect(told).toHaveLength(4);
});
