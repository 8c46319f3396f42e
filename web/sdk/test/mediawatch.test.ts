import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Fault } from "../src/fault.js";
import { MediaWatch, type Sent } from "../src/mediawatch.js";
import type { StreamKind } from "../src/types.js";

type Track = { -readonly [K in "readyState" | "muted" | "enabled" | "label" | "kind"]: MediaStreamTrack[K] };

let sent: Sent | undefined;
/** Whether the server reports on what is sent. */
let heard: boolean;
let faults: Fault[];
let acts: string[];
let watch: MediaWatch;
/** What a track calls that is unmuted. */
let unmute: () => void;

const track = (kind: "audio" | "video", deviceId = "cam"): Track =>
  ({
    kind,
    readyState: "live",
    muted: false,
    enabled: true,
    label: "Cam",
    getSettings: () => ({ deviceId }),
    addEventListener: (_: string, run: () => void) => (unmute = run),
  }) as unknown as Track;
const start = (kind: StreamKind, of: Track, before?: Sent): void => watch.start(kind, of as MediaStreamTrack, before);
/** Seconds in which so much is sent in each. */
const seconds = async (n: number, each = 0): Promise<void> => {
  for (let i = 0; i < n; i++) {
    if (sent)
      sent = {
        packets: sent.packets + each,
        media: sent.media + each,
        reportedAt: sent.reportedAt + (heard ? each : 0),
      };
    await vi.advanceTimersByTimeAsync(1_000);
  }
};
const reasons = (): string[] => faults.map(({ code, reason }) => `${code} ${reason}`);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", { visibilityState: "visible" });
  const devices = [
    { deviceId: "cam", kind: "videoinput" },
    { deviceId: "cam", kind: "audioinput" },
  ];
  vi.stubGlobal("navigator", { mediaDevices: { enumerateDevices: () => Promise.resolve(devices) } });
  sent = { packets: 0, media: 0, reportedAt: 0 };
  heard = true;
  faults = [];
  acts = [];
  watch = new MediaWatch({
    sent: () => Promise.resolve(sent),
    fault: (fault) => faults.push(fault),
    cleared: ({ reason }, forMs) => acts.push(`cleared ${reason} ${forMs}`),
    where: () => ({}),
    silent: (kind) => acts.push(`silent ${kind}`),
    flows: (kind) => acts.push(`flows ${kind}`),
    ended: (kind) => acts.push(`ended ${kind}`),
  });
});

afterEach(() => {
  watch.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each([
  ["audio", "3012"],
  ["video", "3011"],
  ["share", "3013"],
] as const)("%s of which nothing leaves is told within 10 s, once", async (kind, code) => {
  start(kind, track(kind === "audio" ? "audio" : "video"), sent);
  await seconds(7);
  expect(faults).toEqual([]);
  await seconds(2);
  expect(reasons()).toEqual([`${code} NO_MEDIA_SENT`]);
  expect(faults[0]).toMatchObject({
    fatal: false,
    details: { kind, label: "Cam", trackState: "live", packetsSent: 0, forMs: 8_000 },
  });
  await seconds(51);
  expect(faults).toHaveLength(1);
  await seconds(5, 10);
  expect(acts).toEqual([`silent ${kind}`, "cleared NO_MEDIA_SENT 53000", `flows ${kind}`]);
});

test("packets that the server does not report on are told once, and when they arrive again", async () => {
  heard = false;
  start("audio", track("audio"), sent);
  start("video", track("video"), sent);
  await seconds(7, 50);
  expect(faults).toEqual([]);
  await seconds(3, 50);
  expect(reasons()).toEqual(["3101 MEDIA_NOT_ARRIVING"]);
  expect(faults[0]).toMatchObject({ fatal: false, details: { connection: "publish", kind: "audio", forMs: 8_000 } });
  await seconds(60, 50);
  heard = true;
  await seconds(2, 50);
  expect(faults).toHaveLength(1);
  expect(acts).toEqual(["cleared MEDIA_NOT_ARRIVING 63000"]);
});

test("a sound that breaks off is told", async () => {
  start("audio", track("audio"), sent);
  await seconds(30, 50);
  expect(faults).toEqual([]);
  await seconds(10);
  expect(reasons()).toEqual(["3012 NO_MEDIA_SENT"]);
  expect(faults[0]).toMatchObject({ details: { packetsSent: 1_500 } });
});

test("what is no fault: a still picture, a hidden page, a quiet shared tab, no connection, a short pause", async () => {
  start("share", track("video"), sent);
  await seconds(1, 3);
  await seconds(60);
  vi.stubGlobal("document", { visibilityState: "hidden" });
  start("video", track("video"), sent);
  await seconds(60);
  watch.stop("video");
  vi.stubGlobal("document", { visibilityState: "visible" });
  start("shareAudio", track("audio"), sent);
  await seconds(60);
  watch.stop("shareAudio");
  for (let i = 0; i < 10; i++) {
    start("audio", track("audio"), sent);
    await seconds(5);
    await seconds(1, 1);
    watch.stop("audio");
  }
  sent = undefined;
  start("audio", track("audio"), sent);
  await seconds(60);
  expect(faults).toEqual([]);
});

test("a new connection counts from 0: what was sent once is not sent there", async () => {
  sent = { packets: 500, media: 500, reportedAt: 500 };
  start("video", track("video"), sent);
  await seconds(2);
  sent = { packets: 0, media: 0, reportedAt: 0 };
  await seconds(10);
  expect(reasons()).toEqual(["3011 NO_MEDIA_SENT"]);
});

test("a track that the page stopped ends the stream", async () => {
  const stopped = track("video");
  start("video", stopped, sent);
  await seconds(3, 10);
  stopped.readyState = "ended";
  await seconds(2);
  expect(reasons()).toEqual(["3027 TRACK_ENDED"]);
  expect(faults[0]).toMatchObject({ details: { label: "Cam", trackState: "ended", packetsSent: 30 } });
  expect(acts).toEqual(["ended video"]);
  await seconds(30);
  expect(faults).toHaveLength(1);
});

test("a device that the system mutes is told after some seconds; a canvas has no such switch", async () => {
  const mic = track("audio");
  start("audio", mic, sent);
  await seconds(3, 50);
  mic.muted = true;
  await seconds(3, 50);
  mic.muted = false;
  await seconds(3, 50);
  expect(faults).toEqual([]);
  mic.muted = true;
  await seconds(6, 50);
  expect(reasons()).toEqual(["3012 MUTED_BY_SYSTEM"]);
  expect(faults[0]).toMatchObject({ details: { label: "Cam", trackState: "live, muted", forMs: 5_000 } });
  expect(acts).toEqual(["silent audio"]);
  expect(watch.isSilent("audio")).toBe(true);
  await seconds(20, 50); // a muted microphone sends silence
  expect(faults).toHaveLength(1);
  mic.muted = false;
  unmute();
  expect(acts).toEqual(["silent audio", "cleared MUTED_BY_SYSTEM 21000", "flows audio"]);
  expect(watch.isSilent("audio")).toBe(false);
  await seconds(20, 50);
  expect(acts).toHaveLength(3);
  mic.muted = true;
  await seconds(6, 50);
  expect(reasons()).toEqual(["3012 MUTED_BY_SYSTEM", "3012 MUTED_BY_SYSTEM"]);
  watch.stop("audio");
  mic.muted = false;
  unmute();
  expect(acts.slice(3)).toEqual(["silent audio", "cleared MUTED_BY_SYSTEM 1000"]);

  faults.length = 0;
  const canvas = track("video", "none");
  canvas.muted = true;
  start("video", canvas, sent);
  await seconds(10);
  expect(reasons()).toEqual(["3011 NO_MEDIA_SENT"]);
});

test("a camera that delivers no more pictures is told; one whose pictures are not sent is not", async () => {
  const camera = Object.assign(track("video"), { stats: { totalFrames: 0 } });
  const capture = async (n: number, each: number): Promise<void> => {
    for (let i = 0; i < n; i++) {
      camera.stats.totalFrames += 30;
      await seconds(1, each);
    }
  };
  start("video", camera, sent);
  await capture(5, 30);
  await capture(20, 0); // a link without room
  expect(faults).toEqual([]);
  await seconds(9);
  expect(reasons()).toEqual(["3011 NO_MEDIA_SENT"]);
  expect(acts).toEqual(["silent video"]);
  await capture(2, 30);
  expect(acts.slice(1)).toEqual([expect.stringMatching(/^cleared NO_MEDIA_SENT/), "flows video"]);

  faults.length = 0;
  const canvas = Object.assign(track("video", "none"), { stats: { totalFrames: 0 } });
  start("video", canvas, sent);
  await seconds(5, 30);
  await seconds(20);
  expect(faults).toEqual([]);
});
