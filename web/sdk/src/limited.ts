import type { Diagnosis, Found } from "./diagnosis.js";
import { type FaultContext, faults } from "./fault.js";
import { limitationOf } from "./stats.js";
import type { StreamKind } from "./types.js";

type Picture = "video" | "share";

export interface LimitedOwner {
  /** The track that is sent; undefined while the stream is off. */
  picture(kind: Picture): MediaStreamTrack | undefined;
  stats(kind: StreamKind): Promise<RTCStatsReport> | undefined;
  /** By what the largest encoding that is sent is meant to be smaller than its source. */
  scale(kind: Picture): number;
  where(): FaultContext;
}

interface Stat extends RTCStats {
  readonly active?: boolean;
  readonly frameWidth?: number;
  readonly frameHeight?: number;
  readonly framesPerSecond?: number;
  readonly width?: number;
  readonly height?: number;
  readonly availableOutgoingBitrate?: number;
}

/** What is sent of a picture, and of what. */
interface Sent {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly sourceWidth: number;
  readonly sourceHeight: number;
}

/** Frame rates of a source below this say nothing: those of a screen on which little moves. */
const SLOW = 10;

/**
 * Limited finds a picture that is much poorer than its source, half the height or half the frames, for a reason that
 * the browser names. Firefox names none.
 */
export class Limited implements Diagnosis {
  readonly every = 2_000;
  readonly after = 20_000;
  /** A limit is probed now and then. */
  readonly until = 6_000;
  readonly #by: "bandwidth" | "cpu";
  readonly #owner: LimitedOwner;

  constructor(by: "bandwidth" | "cpu", owner: LimitedOwner) {
    this.#by = by;
    this.#owner = owner;
  }

  async look(): Promise<Found> {
    for (const kind of ["video", "share"] as const) {
      const track = this.#owner.picture(kind);
      const report = track && (await this.#owner.stats(kind));
      if (!report || limitationOf(report) !== this.#by) continue;
      const stats = [...(report as ReadonlyMap<string, Stat>).values()];
      const sent = poor(stats, track, this.#owner.scale(kind));
      if (!sent) continue;
      const availableBps = Math.round(
        stats.find(({ type, availableOutgoingBitrate: rate }) => type === "candidate-pair" && rate)
          ?.availableOutgoingBitrate ?? 0,
      );
      return (forMs) =>
        this.#by === "cpu"
          ? faults.clientImpairedCpuLimited({ kind, ...sent, forMs }, this.#owner.where())
          : faults.clientImpairedUplinkLimited({ kind, ...sent, availableBps, forMs }, this.#owner.where());
    }
    return undefined;
  }
}

/** What is sent, where that is much less than what is meant to be. */
function poor(stats: readonly Stat[], track: MediaStreamTrack, scale: number): Sent | undefined {
  const source = stats.find(({ type }) => type === "media-source");
  const { width: trackWidth, height: trackHeight, frameRate } = track.getSettings();
  const sourceWidth = source?.width ?? trackWidth ?? 0;
  const sourceHeight = source?.height ?? trackHeight ?? 0;
  const sourceRate = source?.framesPerSecond ?? frameRate ?? 0;
  const largest = stats
    .filter((one) => one.type === "outbound-rtp" && one.active !== false && (one.framesPerSecond ?? 0) > 0)
    .reduce<Stat | undefined>((a, b) => ((a?.frameHeight ?? 0) >= (b.frameHeight ?? 0) ? (a ?? b) : b), undefined);
  const { frameWidth: width = 0, frameHeight: height = 0, framesPerSecond = 0 } = largest ?? {};
  const small = 2 * height <= sourceHeight / scale;
  const slow = sourceRate >= SLOW && 2 * framesPerSecond <= sourceRate;
  if (!small && !slow) return undefined;
  return { width, height, framesPerSecond: Math.round(framesPerSecond), sourceWidth, sourceHeight };
}
