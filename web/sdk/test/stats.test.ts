import { beforeEach, expect, test, vi } from "vitest";
import { Rates } from "../src/rates.js";
import { readPicture, readSound, readTransport } from "../src/stats.js";

beforeEach(() => {
  vi.stubGlobal("navigator", {});
});

type Stat = { readonly id: string; readonly type: string; readonly [key: string]: unknown };

const report = (timestamp: number, stats: readonly Stat[]): RTCStatsReport =>
  new Map(stats.map((one) => [one.id, { ...one, timestamp }])) as never;

const pair: Stat = {
  id: "p",
  type: "candidate-pair",
  nominated: true,
  localCandidateId: "l",
  currentRoundTripTime: 0.0405,
};
const local: Stat = { id: "l", type: "local-candidate", networkType: "wifi", protocol: "udp" };

test("an own picture has an entry for each size that is sent, largest first, in the published units", () => {
  const at = (timestamp: number, bytes: number): RTCStatsReport =>
    report(timestamp, [
      { id: "c", type: "codec", mimeType: "video/VP8" },
      pair,
      local,
      { id: "far", type: "remote-inbound-rtp", localId: "h", packetsLost: 3, jitter: 0.0051 },
      { id: "m", type: "outbound-rtp", rid: "m", frameWidth: 640, frameHeight: 360, packetsSent: 4, bytesSent: bytes },
      { id: "l0", type: "outbound-rtp", rid: "l", packetsSent: 0 },
      {
        id: "h",
        type: "outbound-rtp",
        rid: "h",
        codecId: "c",
        frameWidth: 1280,
        frameHeight: 720,
        framesPerSecond: 30,
        packetsSent: 9,
        bytesSent: 10 * bytes,
        scalabilityMode: "L1T3",
        qualityLimitationReason: "cpu",
        qualityLimitationDurations: { cpu: 2.5, none: 1 },
        qualityLimitationResolutionChanges: 1,
      },
    ]);
  const rates = new Rates();
  const layers = { current: undefined, preferred: undefined };
  expect(readPicture("video", at(1_000, 1_000), rates, layers).complete).toBe(false);
  const { stats, complete } = readPicture("video", at(2_000, 2_000), rates, layers);
  expect(complete).toBe(true);
  expect(stats).toEqual([
    {
      kind: "video",
      rid: "h",
      bitrate: 80,
      bitrateBps: 80_000,
      rtt: 40.5,
      rttMs: 40.5,
      jitter: 5.1,
      jitterMs: 5.1,
      network: "WIFI",
      codec: "VP8",
      limitation: { reason: "cpu", durations: { cpu: 2.5, none: 1 }, resolutionChanges: 1 },
      totalPackets: 9,
      packetsLost: 3,
      concealmentEvents: 0,
      insertedSamplesForDecelaration: 0,
      removedSamplesForAccelaration: 0,
      size: { width: 1280, height: 720, framerate: 30 },
      currentSpatialLayer: 1,
      preferredSpatialLayer: 1,
      currentTemporalLayer: 2,
      preferredTemporalLayer: 2,
      freezes: 0,
      frozenMs: 0,
      framesDropped: 0,
    },
    expect.objectContaining({ rid: "m", bitrate: 8, packetsLost: 0, currentSpatialLayer: 0, codec: "", jitter: 0 }),
  ]);
});

test("a received picture has the layers of the server, a sound has none", () => {
  const inbound = {
    id: "i",
    type: "inbound-rtp",
    packetsReceived: 5,
    bytesReceived: 5,
    packetsLost: 1,
    jitter: 0.002,
    freezeCount: 2,
    totalFreezesDuration: 0.75,
    framesDropped: 4,
  };
  const rates = new Rates();
  const { stats } = readPicture("video", report(1, [inbound]), rates, { current: 2, preferred: 1 });
  expect(stats).toEqual([
    expect.objectContaining({
      currentSpatialLayer: 2,
      preferredSpatialLayer: 1,
      jitter: 2,
      packetsLost: 1,
      rtt: 0,
      rttMs: undefined,
      network: "UNKNOWN",
      size: { width: 0, height: 0, framerate: 0 },
      limitation: { reason: "none", durations: {}, resolutionChanges: 0 },
      freezes: 2,
      frozenMs: 750,
      framesDropped: 4,
    }),
  ]);
  const [sound] = readSound("audio", report(1, [inbound, pair]), rates).stats;
  expect(sound).toMatchObject({ kind: "audio", totalPackets: 5, rtt: 40.5 });
  expect(sound).toMatchObject({ size: null, limitation: null });
  expect(readSound("audio", report(1, []), rates)).toEqual({ stats: [], complete: true });
});

test("the transport has what is sent over one connection and received over the other", () => {
  const rates = new Rates();
  const at = (timestamp: number, bytes: number): RTCStatsReport =>
    report(timestamp, [{ ...pair, bytesSent: bytes, bytesReceived: 2 * bytes, availableOutgoingBitrate: 3e5 }, local]);
  expect(readTransport(undefined, undefined, rates)).toBeUndefined();
  expect(readTransport(at(0, 0), undefined, rates)).toMatchObject({
    complete: false,
    stats: {
      send: { outgoingBitrate: 0, totalSentBytes: 0 },
      receive: { incomingBitrate: null, totalReceivedBytes: null },
    },
  });
  readTransport(at(0, 0), at(0, 0), rates);
  expect(readTransport(at(1_000, 1_000), at(1_000, 1_000), rates)).toEqual({
    complete: true,
    stats: {
      send: { outgoingBitrate: 8, totalSentBytes: 1_000 },
      receive: { incomingBitrate: 16, totalReceivedBytes: 2_000 },
      rtt: 40.5,
      protocol: "udp",
      availableBitrate: 300,
    },
  });
});

test("a rate is that of about the last second, however often it is read", () => {
  const rates = new Rates();
  expect(rates.at("k", { atMs: 0, bytes: 0 })).toBeUndefined();
  expect(rates.at("k", { atMs: 100, bytes: 1_000 })).toBeUndefined(); // too soon
  expect(rates.at("k", { atMs: 500, bytes: 1_000 })).toBe(16_000);
  for (let atMs = 600; atMs <= 3_000; atMs += 100) rates.at("k", { atMs, bytes: 1_000 });
  expect(rates.at("k", { atMs: 3_100, bytes: 1_000 })).toBe(0);
  expect(rates.at("k", { atMs: 3_200, bytes: 500 })).toBeUndefined(); // another sender
  expect(rates.at("k", { atMs: 60_000, bytes: 9_000 })).toBeUndefined(); // too long ago
  rates.forget("k");
  expect(rates.at("k", { atMs: 61_000, bytes: 9_000 })).toBeUndefined();
});
