import { expect, test, vi } from "vitest";
import { VideoSDKError } from "../src/fault.js";
import { sendEncodings, shapeOf, tune } from "../src/layers.js";
import {
  checkLayers,
  createCameraVideoTrack,
  createMicrophoneAudioTrack,
  createScreenShareVideoTrack,
} from "../src/tracks.js";
import type { Quality, StreamKind } from "../src/types.js";

const encoding = { maxBitrateBps: 1_500_000 };

function tuned(
  kind: StreamKind,
  rids: readonly string[],
  size: readonly [number, number] | undefined,
  quality: Quality = "high",
): unknown[] {
  const params = { encodings: rids.map((rid) => ({ rid })) } as unknown as RTCRtpSendParameters;
  const [width, height] = size ?? [];
  tune(params, {
    kind,
    encoding,
    size: width && height ? { width, height } : undefined,
    quality,
    idle: new Set(),
  });
  return params.encodings.map(({ rid, active, scaleResolutionDownBy, maxBitrate }) =>
    active ? [rid, scaleResolutionDownBy, maxBitrate] : rid,
  );
}

test("a media section has as many encodings as the options ask for", () => {
  const rids = (kind: StreamKind, options: object, of: object = {}): unknown =>
    sendEncodings(shapeOf(kind, { ...encoding, ...of }, options)).map(({ rid, scaleResolutionDownBy }) =>
      [rid, scaleResolutionDownBy].join(" "),
    );
  expect(rids("video", {})).toEqual(["l 4", "m 2", "h 1"]);
  expect(rids("video", { maxLayer: 2 })).toEqual(["l 2", "h 1"]);
  expect(rids("video", { maxLayer: 2 }, { maxLayer: 3 })).toEqual(["l 4", "m 2", "h 1"]);
  expect(rids("video", { multiStream: false })).toEqual([]);
  expect(rids("video", { multiStream: false }, { multiStream: true })).toEqual(["l 4", "m 2", "h 1"]);
  expect(rids("share", { maxLayer: 3 })).toEqual(["l 2", "h 1"]);
  expect(rids("audio", { multiStream: true })).toEqual([]);
  expect(shapeOf("video", { ...encoding, codec: "AV1" }, { maxLayer: 2 }).scalabilityMode).toBe("L2T3_KEY");
  expect(shapeOf("video", { ...encoding, codec: "AV1" }, { multiStream: false }).scalabilityMode).toBeUndefined();
});

test("VP9 has no spatial layers where text is to be sharp: Chromium would send VP8 in its place", () => {
  const text = { ...encoding, degradation: "maintain-resolution" } as const;
  expect(shapeOf("share", { ...text, codec: "VP9" }, {})).toMatchObject({
    scalabilityMode: "L1T3",
    lacking: "L2T3_KEY",
  });
  expect(shapeOf("share", { ...text, codec: "AV1" }, {})).toMatchObject({ scalabilityMode: "L2T3_KEY" });
  expect(shapeOf("share", { ...encoding, codec: "VP9" }, {})).toMatchObject({ scalabilityMode: "L2T3_KEY" });
  expect(shapeOf("share", { ...text, codec: "VP9" }, { multiStream: false }).scalabilityMode).toBeUndefined();
  expect(shapeOf("share", { ...text, codec: "VP9" }, { multiStream: false }).lacking).toBeUndefined();
});

test("a small picture is sent in no more sizes than the browser makes of it, the full one always", () => {
  const rids = ["l", "m", "h"];
  expect(tuned("video", rids, [1280, 720])).toEqual([
    ["l", 4, 150_000],
    ["m", 2, 400_000],
    ["h", 1, 1_500_000],
  ]);
  expect(tuned("video", rids, [720, 1280])).toHaveLength(3); // a phone held upright
  expect(tuned("video", rids, [640, 360])).toEqual([["l", 2, 150_000], ["m", 1, 1_500_000], "h"]);
  expect(tuned("video", rids, [320, 180])).toEqual([["l", 1, 1_500_000], "m", "h"]);
  expect(tuned("video", rids, undefined)).toHaveLength(3);
  expect(tuned("share", ["l", "h"], [640, 360])).toEqual([
    ["l", 2, 750_000],
    ["h", 1, 1_500_000],
  ]);
});

test("a quality below the smallest encoding makes that one smaller", () => {
  expect(tuned("video", ["l", "h"], [1280, 720], "med")).toEqual([["l", 2, 400_000], "h"]);
  expect(tuned("video", ["l", "h"], [1280, 720], "low")).toEqual([["l", 4, 150_000], "h"]);
  expect(tuned("video", ["h"], [1280, 720], "med")).toEqual([["h", 2, 400_000]]);
});

test("options that are null count as absent", () => {
  const absent = { codec: null, multiStream: null, maxLayer: null } as unknown as Parameters<typeof checkLayers>[0];
  expect(checkLayers(absent, "createCameraVideoTrack")).toEqual({});
  const wrong = { ...absent, maxLayer: 4 as 3 };
  expect(() => checkLayers(wrong, "createCameraVideoTrack")).toThrow(
    expect.objectContaining({ code: 3071, details: expect.objectContaining({ parameter: "maxLayer" }) }),
  );
});

test("tracks are opened without options, and what is no device is a fault", async () => {
  vi.stubGlobal("navigator", {});
  vi.stubGlobal("isSecureContext", false);
  vi.stubGlobal("location", new URL("http://example.org/"));
  for (const open of [createCameraVideoTrack, createMicrophoneAudioTrack, createScreenShareVideoTrack])
    await expect(open(null)).rejects.toBeInstanceOf(VideoSDKError);
  vi.unstubAllGlobals();
});
