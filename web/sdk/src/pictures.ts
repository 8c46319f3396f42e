import type { StreamKind, StreamState } from "./types.js";

/** How often pictures are looked at, in ms. */
const LOOK_MS = 500;
/** How long a picture that plays may stand still, in ms. A screen that does not change is sent about once a second. */
const stillMs = { video: 1_500, share: 5_000 };

/** A received picture that somebody watches. */
export interface Watched {
  /** The same object for the same picture. */
  readonly key: object;
  readonly kind: StreamKind;
  readonly paused: boolean;
  stats(): Promise<RTCStatsReport | undefined> | undefined;
  tell(state: StreamState): void;
}

interface Seen {
  packets: number;
  frames: number;
  /** When packets and frames last came. */
  packetAt: number;
  frameAt: number;
  state: StreamState | undefined;
}

interface Inbound extends RTCStats {
  readonly packetsReceived?: number;
  readonly framesDecoded?: number;
}

/** Pictures tells how received pictures get on, of those that have a listener. */
export class Pictures {
  readonly #watched: () => Iterable<Watched>;
  readonly #seen = new WeakMap<object, Seen>();
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(watched: () => Iterable<Watched>) {
    this.#watched = watched;
    this.#timer = setInterval(() => {
      for (const one of this.#watched()) void this.#look(one).catch(() => undefined);
    }, LOOK_MS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(watched: Watched): Promise<void> {
    const report = (await watched.stats()) as ReadonlyMap<string, Inbound> | undefined;
    const rtp = [...(report?.values() ?? [])].find(({ type }) => type === "inbound-rtp");
    const { packetsReceived: packets = 0, framesDecoded: frames = 0 } = rtp ?? {};
    const now = Date.now();
    const seen = this.#seen.get(watched.key) ?? { packets, frames, packetAt: now, frameAt: now, state: undefined };
    this.#seen.set(watched.key, seen);
    const decoded = frames !== seen.frames;
    if (packets !== seen.packets || watched.paused) seen.packetAt = now;
    if (decoded || watched.paused) seen.frameAt = now;
    seen.packets = packets;
    seen.frames = frames;
    const limit = watched.kind === "share" ? stillMs.share : stillMs.video;
    let state = seen.state;
    if (decoded)
      state = state === "freeze-detected" ? "freeze-resolved" : state === "freeze-resolved" ? state : "active";
    else if (state && now - seen.packetAt >= limit) state = "stuck";
    else if (state && now - seen.frameAt >= limit) state = "freeze-detected";
    if (state && state !== seen.state) {
      seen.state = state;
      watched.tell(state);
    }
  }
}
