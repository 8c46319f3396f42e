import type { Diagnosis, Found } from "./diagnosis.js";
import { type FaultContext, faults } from "./fault.js";
import { limitationOf } from "./stats.js";
import type { StreamKind } from "./types.js";

type Picture = "video" | "share";

export interface LimitedOwner {
  /** The track that is sent; undefined while the stream is off. */
  picture(kind: Picture): MediaStreamTrack | undefined;
  stats(kind: StreamKind): Promise<RTCStatsReport | undefined> | undefined;
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
 * Limited finds a picture that is much poorer than its source, two thirds of the height or half the frames, for a
 * reason that the browser names. Firefox names none.
 */
export class Limited implements Diagnosis {
  readonly every = 2_000;
  readonly after = 20_000;
  /** A limit is probed now and then. */
  readonly until = 6_000;
  readonly #by: "bandwidth" | "cpu";
  readonly #owner: LimitedOwner;
  /** The highest frame rate of each camera so far: a browser that sends fewer frames takes fewer from the source. */
  readonly #rates = new WeakMap<MediaStreamTrack, number>();

  constructor(by: "bandwidth" | "cpu", owner: LimitedOwner) {
    this.#by = by;
    this.#owner = owner;
  }

  async look(): Promise<Found> {
    for (const kind of ["video", "share"] as const) {
      const track = this.#owner.picture(kind);
      const report = track && (await this.#owner.stats(kind));
      if (!report) continue;
      const stats = [...(report as ReadonlyMap<string, Stat>).values()];
      const source = sourceOf(stats, track);
      if (kind === "video") {
        source.framesPerSecond = Math.max(source.framesPerSecond, this.#rates.get(track) ?? 0);
        this.#rates.set(track, source.framesPerSecond);
      }
      if (limitationOf(report) !== this.#by) continue;
      const sent = poor(stats, source, this.#owner.scale(kind));
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

/** What a source gives. */
interface Source {
  readonly width: number;
  readonly height: number;
  framesPerSecond: number;
}

function sourceOf(stats: readonly Stat[], track: MediaStreamTrack): Source {
  const source = stats.find(({ type }) => type === "media-source");
  const { width = 0, height = 0, frameRate = 0 } = track.getSettings();
  return {
    width: source?.width ?? width,
    height: source?.height ?? height,
    framesPerSecond: source?.framesPerSecond ?? frameRate,
  };
}

/** What is sent, where that is much less than what is meant to be. */
function poor(stats: readonly Stat[], source: Source, scale: number): Sent | undefined {
  const largest = stats
    .filter((one) => one.type === "outbound-rtp" && one.active !== false && (one.framesPerSecond ?? 0) > 0)
    .reduce<Stat | undefined>((a, b) => ((a?.frameHeight ?? 0) >= (b.frameHeight ?? 0) ? (a ?? b) : b), undefined);
  const { frameWidth: width = 0, frameHeight: height = 0, framesPerSecond = 0 } = largest ?? {};
  const small = 3 * height <= (2 * source.height) / scale;
  const slow = source.framesPerSecond >= SLOW && 2 * framesPerSecond <= source.framesPerSecond;
  if (!small && !slow) return undefined;
  const [sourceWidth, sourceHeight] = [source.width, source.height];
  return { width, height, framesPerSecond: Math.round(framesPerSecond), sourceWidth, sourceHeight };
}
