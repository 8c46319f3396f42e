import type { Sent } from "./mediawatch.js";
import type { StreamKind, StreamStats, TransportStats } from "./types.js";

/** Fields we read of W3C webrtc-stats; no browser gives all of them. */
interface Stat extends RTCStats {
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
  readonly packetsSent?: number;
  readonly framesSent?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly roundTripTime?: number;
  readonly currentRoundTripTime?: number;
  readonly nominated?: boolean;
  readonly frameWidth?: number;
  readonly frameHeight?: number;
  readonly framesPerSecond?: number;
  readonly codecId?: string;
  readonly mimeType?: string;
  readonly rid?: string;
  readonly ssrc?: number;
  readonly localId?: string;
  readonly active?: boolean;
  readonly qualityLimitationReason?: string;
  readonly state?: string;
  readonly localCandidateId?: string;
  readonly networkType?: string;
  readonly protocol?: string;
  readonly availableOutgoingBitrate?: number;
}

/** Counts of an earlier report, for rates. */
export interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

/** Layers as the server knows them; 0 is the smallest size. */
interface Layers {
  readonly current: number | undefined;
  readonly preferred: number | undefined;
}

const all = (report: RTCStatsReport): Stat[] => [...(report as ReadonlyMap<string, Stat>).values()];

const pairOf = (stats: readonly Stat[]): Stat | undefined =>
  stats.find(({ type, nominated, state }) => type === "candidate-pair" && nominated && state !== "failed");

function networkOf(stats: readonly Stat[]): string | undefined {
  const local = stats.find(({ id }) => id === pairOf(stats)?.localCandidateId)?.networkType;
  return local ?? (navigator as { connection?: { type?: string } }).connection?.type;
}

/**
 * Reads what a sender or receiver reports about its stream, one entry for each encoding, largest first; none before the
 * first packet. `samples` are those of the report before, and become those of this one.
 */
export function readStats(
  kind: StreamKind,
  report: RTCStatsReport,
  samples: Map<string, Sample>,
  layers: Layers,
): StreamStats[] {
  const stats = all(report);
  const pixels = ({ frameWidth = 0, frameHeight = 0 }: Stat): number => frameWidth * frameHeight;
  const streams = stats
    .filter(({ type }) => type === "outbound-rtp" || type === "inbound-rtp")
    .sort((a, b) => pixels(b) - pixels(a));
  // An encoding that is not sent has nothing to say, unless it is the only one.
  const sent = streams.filter(({ packetsSent = 0, packetsReceived = 0 }) => packetsSent + packetsReceived > 0);
  return (sent.length > 0 ? sent : streams.slice(0, 1)).map((rtp, i, { length }) => {
    const own = rtp.type === "outbound-rtp";
    const key = `${kind} ${rtp.rid ?? ""}`;
    const sample = { atMs: rtp.timestamp, bytes: rtp.bytesSent ?? rtp.bytesReceived ?? 0 };
    const bitrateBps = rate(sample, samples.get(key));
    samples.set(key, sample);
    // Of what we send, the far end knows loss and jitter: RFC 3550, 6.4.1.
    const far = own
      ? stats.find(
          ({ type, localId, ssrc }) =>
            type === "remote-inbound-rtp" && (localId === undefined ? ssrc === rtp.ssrc : localId === rtp.id),
        )
      : rtp;
    const rttMs = inMs(far?.roundTripTime ?? pairOf(stats)?.currentRoundTripTime);
    const jitterMs = inMs(far?.jitter);
    const { frameWidth: width, frameHeight: height, framesPerSecond } = rtp;
    const picture = kind === "video" || kind === "share";
    return {
      kind,
      bitrateBps,
      rttMs,
      jitterMs,
      packetsLost: far?.packetsLost ?? 0,
      totalPackets: rtp.packetsSent ?? rtp.packetsReceived ?? 0,
      codec: stats.find(({ id }) => id === rtp.codecId)?.mimeType?.split("/")[1],
      size: width && height ? { width, height, framerate: framesPerSecond ?? 0 } : undefined,
      bitrate: Math.round(bitrateBps / 1000),
      rtt: rttMs,
      jitter: jitterMs,
      network: networkOf(stats),
      limitation: rtp.qualityLimitationReason,
      currentSpatialLayer: own && picture ? length - 1 - i : layers.current,
      preferredSpatialLayer: layers.preferred,
      currentTemporalLayer: undefined,
      preferredTemporalLayer: undefined,
      rid: rtp.rid,
    };
  });
}

/** Reads what a connection says of itself; undefined while it has no path. */
export function readTransport(
  report: RTCStatsReport,
  before: Sample | undefined,
): { readonly stats: TransportStats; readonly sample: Sample } | undefined {
  const stats = all(report);
  const pair = pairOf(stats);
  if (!pair) return undefined;
  const sample = { atMs: pair.timestamp, bytes: (pair.bytesSent ?? 0) + (pair.bytesReceived ?? 0) };
  const inKbps = (bps: number | undefined): number | undefined => (bps === undefined ? bps : Math.round(bps / 1000));
  const local = stats.find(({ id }) => id === pair.localCandidateId);
  let packets = 0;
  let lost = 0;
  for (const { type, packetsSent = 0, packetsReceived = 0, packetsLost = 0 } of stats) {
    if (type === "outbound-rtp" || type === "inbound-rtp") packets += packetsSent + packetsReceived;
    if (type === "remote-inbound-rtp" || type === "inbound-rtp") lost += packetsLost;
  }
  return {
    sample,
    stats: {
      bitrate: Math.round(rate(sample, before) / 1000),
      rtt: inMs(pair.currentRoundTripTime),
      network: networkOf(stats),
      protocol: local?.protocol,
      availableBitrate: inKbps(pair.availableOutgoingBitrate),
      totalPackets: packets,
      packetsLost: lost,
    },
  };
}

/** What limits an own picture now: that of any size which is sent. */
export function limitationOf(report: RTCStatsReport): string {
  const reasons = all(report)
    .filter(({ type, active }) => type === "outbound-rtp" && active !== false)
    .map(({ qualityLimitationReason = "none" }) => qualityLimitationReason);
  return reasons.find((one) => one === "cpu") ?? reasons.find((one) => one === "bandwidth") ?? "none";
}

/** In bit/s; 0 without an earlier sample. */
function rate({ atMs, bytes }: Sample, before: Sample | undefined): number {
  const forMs = before ? atMs - before.atMs : 0;
  return before && forMs > 0 && bytes >= before.bytes ? Math.round(((bytes - before.bytes) * 8000) / forMs) : 0;
}

/**
 * What all encodings of a sender have sent: frames of a picture, packets of a sound; and when the server last reported
 * on it.
 */
export function readSent(report: RTCStatsReport): Sent {
  let packets = 0;
  let media = 0;
  let reportedAt = 0;
  for (const { type, packetsSent = 0, framesSent, timestamp } of (report as ReadonlyMap<string, Stat>).values()) {
    if (type === "remote-inbound-rtp") reportedAt = Math.max(reportedAt, timestamp);
    if (type !== "outbound-rtp") continue;
    packets += packetsSent;
    media += framesSent ?? packetsSent;
  }
  return { packets, media, reportedAt };
}

function inMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}
