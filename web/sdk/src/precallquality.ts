// How well media flow, in the shape and with the units of the published test.

import type { PreCallDirectionQuality, PreCallMediaQuality, PreCallNetworkQuality } from "./precallresult.js";
import type { Stat } from "./precallway.js";

/** What both connections have counted at one time. */
export interface Sample {
  readonly atMs: number;
  readonly sent: readonly Stat[];
  readonly received: readonly Stat[];
}

type Kind = "audio" | "video";

/** From which value on a measurement allows only a 4, a 3, a 2 and a 1; sound suffers sooner than a picture. */
const steps = {
  audio: { packetLoss: [1, 3, 8, 20], jitter: [30, 60, 120, 300], rtt: [250, 400, 800, 1500] },
  video: { packetLoss: [2, 5, 10, 20], jitter: [50, 100, 200, 400], rtt: [250, 400, 800, 1500] },
} as const;
const freezeSteps = [0.02, 0.05, 0.15, 0.3];
const droppedSteps = [5, 15, 30, 50];

const grade = (value: number | null, of: readonly number[]): number =>
  value === null ? 5 : 5 - of.filter((step) => value >= step).length;

const round = (value: number, digits = 0): number => Math.round(value * 10 ** digits) / 10 ** digits;
const orNull = (value: number | undefined, digits = 0): number | null =>
  value === undefined || !Number.isFinite(value) ? null : round(value, digits);

const pick = (stats: readonly Stat[], type: string, kind: Kind): Stat | undefined =>
  stats.find((one) => one.type === type && one.kind === kind);
export const pairOf = (stats: readonly Stat[]): Stat | undefined =>
  stats.find(({ type, nominated, state }) => type === "candidate-pair" && nominated && state !== "failed");

const grown = (now: number | undefined, before: number | undefined): number | undefined =>
  now === undefined ? undefined : Math.max(0, now - (before ?? 0));

/** In percent. */
function lossOf(lost: number | undefined, of: number | undefined): number | undefined {
  return lost === undefined || of === undefined || of === 0 ? undefined : Math.min(100, (100 * lost) / of);
}

/** The quality from one sample to the next. Without sound or picture in them, that part is null. */
export function qualityBetween(from: Sample, to: Sample, kinds: readonly Kind[]): PreCallNetworkQuality {
  const direction = (media: (kind: Kind) => Graded): PreCallDirectionQuality => {
    const audio = kinds.includes("audio") ? media("audio") : null;
    const video = kinds.includes("video") ? media("video") : null;
    const known = [audio, video].filter((one) => one !== null);
    const measured = known.map(({ quality }) => quality.quality).filter((one) => one > 0);
    return {
      quality: measured.length > 0 ? Math.min(...measured) : 0,
      factors: [...new Set(known.flatMap(({ factors }) => factors))],
      audio: audio?.quality ?? null,
      video: video?.quality ?? null,
    };
  };
  return {
    audioOnly: !kinds.includes("video"),
    uplink: direction((kind) => uplink(from, to, kind)),
    downlink: direction((kind) => downlink(from, to, kind)),
  };
}

/** A measurement, and what lowers its grade. */
interface Graded {
  readonly quality: PreCallMediaQuality;
  readonly factors: readonly string[];
}

function graded(kind: Kind, measured: Omit<PreCallMediaQuality, "quality">, more: Record<string, number>): Graded {
  const { rtt, packetLoss, jitter, bitrate } = measured;
  const grades: Record<string, number> = {
    rtt: grade(rtt, steps[kind].rtt),
    packetLoss: grade(packetLoss, steps[kind].packetLoss),
    jitter: grade(jitter, steps[kind].jitter),
    ...more,
  };
  return {
    quality: { quality: bitrate ? Math.max(1, Math.min(...Object.values(grades))) : 0, ...measured },
    factors: Object.keys(grades).filter((name) => (grades[name] ?? 5) < 5),
  };
}

function uplink(from: Sample, to: Sample, kind: Kind): Graded {
  const ms = to.atMs - from.atMs;
  const now = pick(to.sent, "outbound-rtp", kind);
  const before = pick(from.sent, "outbound-rtp", kind);
  // What arrives of it, the server reports: RFC 3550, 6.4.1.
  const far = pick(to.sent, "remote-inbound-rtp", kind);
  const farBefore = pick(from.sent, "remote-inbound-rtp", kind);
  const bytes = grown(now?.bytesSent, before?.bytesSent);
  const lost = grown(far?.packetsLost, farBefore?.packetsLost);
  const trip = pairOf(to.sent)?.currentRoundTripTime ?? far?.roundTripTime;
  const measured: Omit<PreCallMediaQuality, "quality"> = {
    rtt: orNull(trip === undefined ? undefined : trip * 1000),
    bitrate: orNull(bytes === undefined ? undefined : (bytes * 8000) / ms),
    packetLoss: orNull(lossOf(lost, grown(now?.packetsSent, before?.packetsSent)), 2),
    jitter: orNull(far?.jitter === undefined ? undefined : far.jitter * 1000),
    bytesSent: now?.bytesSent ?? 0,
  };
  if (kind === "audio") return graded(kind, measured, {});
  const frames = grown(now?.framesSent, before?.framesSent);
  const limited = now?.qualityLimitationReason ?? "none";
  return graded(
    kind,
    {
      ...measured,
      fps: orNull(frames === undefined ? undefined : (frames * 1000) / ms),
      resolution: sizeOf(now),
      qualityLimitationReason: limited,
    },
    limited === "bandwidth" || limited === "cpu" ? { [limited]: limited === "cpu" ? 4 : 3 } : {},
  );
}

function downlink(from: Sample, to: Sample, kind: Kind): Graded {
  const ms = to.atMs - from.atMs;
  const now = pick(to.received, "inbound-rtp", kind);
  const before = pick(from.received, "inbound-rtp", kind);
  const bytes = grown(now?.bytesReceived, before?.bytesReceived);
  const lost = grown(now?.packetsLost, before?.packetsLost);
  const packets = grown(now?.packetsReceived, before?.packetsReceived);
  const trip = pairOf(to.received)?.currentRoundTripTime;
  const measured: Omit<PreCallMediaQuality, "quality"> = {
    rtt: orNull(trip === undefined ? undefined : trip * 1000),
    bitrate: orNull(bytes === undefined ? undefined : (bytes * 8000) / ms),
    packetLoss: orNull(lossOf(lost, packets === undefined || lost === undefined ? undefined : packets + lost), 2),
    jitter: orNull(now?.jitter === undefined ? undefined : now.jitter * 1000),
    bytesReceived: now?.bytesReceived ?? 0,
  };
  if (kind === "audio") return graded(kind, measured, {});
  const frames = grown(now?.framesDecoded, before?.framesDecoded);
  const dropped = grown(now?.framesDropped, before?.framesDropped);
  const frozen = grown(now?.totalFreezesDuration, before?.totalFreezesDuration);
  const ratio = orNull(lossOf(dropped, grown(now?.framesReceived, before?.framesReceived)), 2);
  return graded(
    kind,
    {
      ...measured,
      fps: orNull(frames === undefined ? undefined : (frames * 1000) / ms),
      resolution: sizeOf(now),
      framesDropped: orNull(dropped),
      framesDroppedRatio: ratio,
      freezeCount: orNull(grown(now?.freezeCount, before?.freezeCount)),
      totalFreezesDuration: orNull(frozen, 2),
    },
    {
      freeze: grade(frozen === undefined ? null : (frozen * 1000) / ms, freezeSteps),
      framesDropped: grade(ratio, droppedSteps),
    },
  );
}

const sizeOf = (rtp: Stat | undefined): string | null =>
  rtp?.frameWidth && rtp.frameHeight ? `${rtp.frameWidth}x${rtp.frameHeight}` : null;

/** The codec of what is sent. */
export function codecOf(stats: readonly Stat[], kind: Kind): string | undefined {
  const codecId = pick(stats, "outbound-rtp", kind)?.codecId;
  return stats.find(({ id }) => id === codecId)?.mimeType?.split("/")[1];
}
