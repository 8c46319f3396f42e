import { expect, test } from "vitest";
import { tune } from "../src/layers.js";
import { presets } from "../src/presets.js";

// The tables of the published docs: name, frames a second, kbit/s optimized, balanced and of high quality.
const camera = `
h90p_w160p 15 60 100 150
h180p_w320p 15 100 150 250
h216p_w384p 15 120 200 350
h360p_w640p 20 200 400 600
h540p_w960p 25 350 550 800
h720p_w1280p 30 1000 1500 2000
h1080p_w1920p 30 1600 2200 2700
h1440p_w2560p 30 5000 5500 6000
h2160p_w3840p 30 8000 8500 9000
h120p_w160p 15 60 100 150
h180p_w240p 15 100 150 250
h240p_w320p 15 120 200 350
h360p_w480p 20 200 400 600
h480p_w640p 25 300 500 700
h540p_w720p 30 350 550 800
h720p_w960p 30 900 1300 1600
h1080p_w1440p 30 1600 2200 2700
h1440p_w1920p 30 3500 4000 4500`;

const share = `
h360p_30fps 640 360 400
h480p_15fps 854 480 300
h480p_30fps 854 480 500
h720p_5fps 1280 720 400
h720p_15fps 1280 720 1000
h720p_30fps 1280 720 1500
h1080p_15fps 1920 1080 1500
h1080p_30fps 1920 1080 2000`;

const rows = (table: string): string[][] =>
  table
    .trim()
    .split("\n")
    .map((row) => row.split(" "));

test("presets are the published ones", () => {
  expect(presets.camera).toEqual(
    Object.fromEntries(
      rows(camera).map(([name = "", frameRate, ...kbps]) => {
        const [, height, width] = /h(\d+)p_w(\d+)p/.exec(name) ?? [];
        const [w, h, rate] = [width, height, frameRate].map(Number);
        return [name, { width: w, height: h, frameRate: rate, kbps: kbps.map(Number) }];
      }),
    ),
  );
  expect(presets.share).toEqual(
    Object.fromEntries(
      rows(share).map(([name = "", ...numbers]) => {
        const [width, height, kbps] = numbers.map(Number);
        return [name, { width, height, kbps, frameRate: Number(/_(\d+)fps/.exec(name)?.[1]) }];
      }),
    ),
  );
});

test("a smaller size of a camera has the rate of its own preset, of a screen its part of the whole", () => {
  const tuned = (kind: "video" | "share", rids: string[], size: { width: number; height: number }, bps: number) => {
    const params = { encodings: rids.map((rid) => ({ rid })) } as RTCRtpSendParameters;
    tune(params, { kind, encoding: { maxBitrateBps: bps, mode: 1 }, size, quality: "high", idle: new Set() });
    return params.encodings.map(({ maxBitrate }) => maxBitrate);
  };
  const hd = { width: 1280, height: 720 };
  expect(tuned("video", ["l", "m", "h"], hd, 1_500_000)).toEqual([150_000, 400_000, 1_500_000]);
  expect(tuned("video", ["l", "m", "h"], { width: 720, height: 1280 }, 1_500_000)).toEqual([
    150_000, 400_000, 1_500_000,
  ]);
  expect(tuned("video", ["l", "h"], { width: 960, height: 720 }, 1_300_000)).toEqual([400_000, 1_300_000]);
  expect(tuned("share", ["l", "h"], hd, 400_000)).toEqual([200_000, 400_000]);
});
