import type { Sent } from "./mediawatch.js";
import type { Rates } from "./rates.js";
import type { PictureStats, StreamKind, StreamStats, TransportStats } from "./types.js";

/** Fields we read of W3C webrtc-stats; no browser gives all of them. */
interface Stat extends RTCStats {
  readonly bytesSent?: number;
  readonly bytesReceived?: number;
  readonly packetsSent?: number;
  readonly framesSent?: number;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
  readonly jitter?: number;
  readonly concealmentEvents?: number;
  readonly freezeCount?: number;
  readonly totalFreezesDuration?: number;
  readonly framesDropped?: number;
  readonly insertedSamplesForDeceleration?: number;
  readonly removedSamplesForAcceleration?: number;
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
  readonly qualityLimitationDurations?: Record<string, number>;
  readonly qualityLimitationResolutionChanges?: number;
  readonly scalabilityMode?: string;
  readonly state?: string;
  readonly localCandidateId?: string;
  readonly networkType?: string;
  readonly protocol?: string;
  readonly availableOutgoingBitrate?: number;
}

/** Layers as the server knows them; 0 is the smallest size. */
interface Layers {
  readonly current: number | undefined;
  readonly preferred: number | undefined;
}

/** What a report holds; `complete` is false while a rate is missing, because nothing was read before. */
interface Read<T> {
  readonly stats: T;
  readonly complete: boolean;
}

const all = (report: RTCStatsReport): Stat[] => [...(report as ReadonlyMap<string, Stat>).values()];

const pairOf = (stats: readonly Stat[]): Stat | undefined =>
  stats.find(({ type, nominated, state }) => type === "candidate-pair" && nominated && state !== "failed");

/** The kind of network in use, as published: the names of RTCNetworkType in capitals. */
function networkOf(stats: readonly Stat[]): string {
  const local = stats.find(({ id }) => id === pairOf(stats)?.localCandidateId)?.networkType;
  const type = local ?? (navigator as { connection?: { type?: string } }).connection?.type ?? "unknown";
  return type.toUpperCase();
}

const inKbps = (bps: number | undefined): number => Math.round((bps ?? 0) / 10) / 100;

/** Reads what a sender or receiver reports about a stream without a picture: one entry, or none before it exists. */
export function readSound(kind: StreamKind, report: RTCStatsReport, rates: Rates): Read<StreamStats[]> {
  const stats = all(report);
  return complete(streamsOf(stats).map((rtp) => readStream(kind, stats, rtp, rates)));
}

/** Reads what is reported about a picture, one entry for each encoding, largest first; none before the first packet. */
export function readPicture(
  kind: StreamKind,
  report: RTCStatsReport,
  rates: Rates,
  layers: Layers,
): Read<PictureStats[]> {
  const stats = all(report);
  return complete(
    streamsOf(stats).map((rtp, i, { length }) => {
      const { stats: stream, complete } = readStream(kind, stats, rtp, rates);
      const own = rtp.type === "outbound-rtp";
      const { frameWidth: width = 0, frameHeight: height = 0, framesPerSecond: framerate = 0 } = rtp;
      const spatial = own ? length - 1 - i : (layers.current ?? 0);
      const temporal = own ? temporalLayersOf(rtp) - 1 : 0;
      const picture: PictureStats = {
        ...stream,
        size: { width, height, framerate },
        limitation: {
          reason: rtp.qualityLimitationReason ?? "none",
          durations: { ...rtp.qualityLimitationDurations },
          resolutionChanges: rtp.qualityLimitationResolutionChanges ?? 0,
        },
        currentSpatialLayer: spatial,
        preferredSpatialLayer: own ? spatial : (layers.preferred ?? spatial),
        currentTemporalLayer: temporal,
        preferredTemporalLayer: temporal,
        rid: rtp.rid,
        freezes: rtp.freezeCount ?? 0,
        frozenMs: inMs(rtp.totalFreezesDuration) ?? 0,
        framesDropped: rtp.framesDropped ?? 0,
      };
      return { stats: picture, complete };
    }),
  );
}

function complete<T>(read: readonly Read<T>[]): Read<T[]> {
  return { stats: read.map(({ stats }) => stats), complete: read.every((one) => one.complete) };
}

/** The encodings that are sent or received, largest first. One that sends nothing counts only where it is alone. */
function streamsOf(stats: readonly Stat[]): Stat[] {
  const pixels = ({ frameWidth = 0, frameHeight = 0 }: Stat): number => frameWidth * frameHeight;
  const streams = stats
    .filter(({ type }) => type === "outbound-rtp" || type === "inbound-rtp")
    .sort((a, b) => pixels(b) - pixels(a));
  const sent = streams.filter(({ packetsSent = 0, packetsReceived = 0 }) => packetsSent + packetsReceived > 0);
  return sent.length > 0 ? sent : streams.slice(0, 1);
}

/** Of a scalability mode such as L1T3: webrtc-svc, 6. */
const temporalLayersOf = ({ scalabilityMode }: Stat): number => Number(/T(\d)/.exec(scalabilityMode ?? "")?.[1] ?? 1);

function readStream(kind: StreamKind, stats: readonly Stat[], rtp: Stat, rates: Rates): Read<StreamStats> {
  const bytes = rtp.bytesSent ?? rtp.bytesReceived ?? 0;
  const rate = rates.at(`${kind} ${rtp.rid ?? ""}`, { atMs: rtp.timestamp, bytes });
  // Of what we send, the far end knows loss and jitter: RFC 3550, 6.4.1.
  const far =
    rtp.type === "outbound-rtp"
      ? stats.find(
          ({ type, localId, ssrc }) =>
            type === "remote-inbound-rtp" && (localId === undefined ? ssrc === rtp.ssrc : localId === rtp.id),
        )
      : rtp;
  const rttMs = inMs(far?.roundTripTime ?? pairOf(stats)?.currentRoundTripTime);
  const jitterMs = inMs(far?.jitter);
  return {
    complete: rate !== undefined,
    stats: {
      kind,
      bitrate: inKbps(rate),
      rtt: rttMs ?? 0,
      jitter: jitterMs ?? 0,
      packetsLost: far?.packetsLost ?? 0,
      totalPackets: rtp.packetsSent ?? rtp.packetsReceived ?? 0,
      codec: stats.find(({ id }) => id === rtp.codecId)?.mimeType?.split("/")[1] ?? "",
      network: networkOf(stats),
      concealmentEvents: rtp.concealmentEvents ?? 0,
      insertedSamplesForDecelaration: rtp.insertedSamplesForDeceleration ?? 0,
      removedSamplesForAccelaration: rtp.removedSamplesForAcceleration ?? 0,
      size: null,
      limitation: null,
      bitrateBps: rate ?? 0,
      rttMs,
      jitterMs,
    },
  };
}

/** Reads what the two connections carry; each is undefined where it does not exist. */
export function readTransport(
  send: RTCStatsReport | undefined,
  receive: RTCStatsReport | undefined,
  rates: Rates,
): Read<TransportStats> | undefined {
  const sending = send && carried("send", all(send), rates);
  const receiving = receive && carried("receive", all(receive), rates);
  const pair = sending?.pair ?? receiving?.pair;
  if (!pair) return undefined;
  const stats = [...(send ? all(send) : []), ...(receive ? all(receive) : [])];
  const available = sending?.pair.availableOutgoingBitrate;
  return {
    complete: [sending, receiving].every((one) => one === undefined || one.rate !== undefined),
    stats: {
      send: { outgoingBitrate: sending ? inKbps(sending.rate) : null, totalSentBytes: sending?.bytes ?? null },
      receive: {
        incomingBitrate: receiving ? inKbps(receiving.rate) : null,
        totalReceivedBytes: receiving?.bytes ?? null,
      },
      rtt: inMs(pair.currentRoundTripTime),
      protocol: stats.find(({ id }) => id === pair.localCandidateId)?.protocol,
      availableBitrate: available === undefined ? undefined : inKbps(available),
    },
  };
}

/** The bytes that one connection carries in one direction, and their rate; undefined while it has no path. */
function carried(
  direction: "send" | "receive",
  stats: readonly Stat[],
  rates: Rates,
): { readonly pair: Stat; readonly bytes: number; readonly rate: number | undefined } | undefined {
  const pair = pairOf(stats);
  if (!pair) return undefined;
  const bytes = (direction === "send" ? pair.bytesSent : pair.bytesReceived) ?? 0;
  return { pair, bytes, rate: rates.at(direction, { atMs: pair.timestamp, bytes }) };
}

/** What limits an own picture now: that of any size which is sent. */
export function limitationOf(report: RTCStatsReport): string {
  const reasons = all(report)
    .filter(({ type, active }) => type === "outbound-rtp" && active !== false)
    .map(({ qualityLimitationReason = "none" }) => qualityLimitationReason);
  return reasons.find((one) => one === "cpu") ?? reasons.find((one) => one === "bandwidth") ?? "none";
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
  return seconds === undefined ? undefined : Math.round(seconds * 100_000) / 100;
}
