import type { Sent } from "./mediawatch.js";
import type { StreamKind, StreamStats } from "./types.js";

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
}

/** Counts of an earlier report, for rates. */
export interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

/** Reads what a sender or receiver reports about its stream; undefined before the first packet. */
export function readStats(
  kind: StreamKind,
  report: RTCStatsReport,
  before?: Sample,
): { stats: StreamStats; sample: Sample } | undefined {
  const all = [...(report as ReadonlyMap<string, Stat>).values()];
  const rtp = all.find(({ type }) => type === "outbound-rtp" || type === "inbound-rtp");
  if (!rtp) return undefined;
  // Of what we send, the far end knows loss and jitter: RFC 3550, 6.4.1.
  const far = rtp.type === "outbound-rtp" ? all.find(({ type }) => type === "remote-inbound-rtp") : rtp;
  const pair = all.find(({ type, nominated }) => type === "candidate-pair" && nominated);
  const rtt = far?.roundTripTime ?? pair?.currentRoundTripTime;
  const bytes = rtp.bytesSent ?? rtp.bytesReceived ?? 0;
  const sample = { atMs: rtp.timestamp, bytes };
  const forMs = before ? sample.atMs - before.atMs : 0;
  const codec = all.find(({ id }) => id === rtp.codecId)?.mimeType;
  const { frameWidth: width, frameHeight: height, framesPerSecond } = rtp;
  return {
    sample,
    stats: {
      kind,
      bitrateBps: before && forMs > 0 ? Math.round(((bytes - before.bytes) * 8000) / forMs) : 0,
      rttMs: inMs(rtt),
      jitterMs: inMs(far?.jitter),
      packetsLost: far?.packetsLost ?? 0,
      totalPackets: rtp.packetsSent ?? rtp.packetsReceived ?? 0,
      codec: codec?.split("/")[1],
      size: width && height ? { width, height, framerate: framesPerSecond ?? 0 } : undefined,
    },
  };
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
