import { during } from "./connection.js";

/** Times in milliseconds. */
const LOOK = 400;
/** Much longer than the feedback of the server, and the packets of a stream, are apart. */
const SILENT = 1_000;

/** What the selected pair of candidates has carried: W3C WebRTC statistics, 8.13. */
interface Carried {
  readonly sent: number;
  readonly received: number;
}

/**
 * Silence watches whether anything still comes over a connection that is up. ICE notices a path that is gone only after
 * some seconds: its checks are 2.5 s apart.
 */
export class Silence {
  readonly #pc: RTCPeerConnection;
  readonly #expects: (sends: boolean) => boolean;
  readonly #changed: (silent: boolean) => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #last: Carried | undefined;
  #heardAt = Date.now();
  /** The last arrival that was seen; #heardAt is also when nothing was expected. */
  #arrivedAt = 0;
  #silent = false;
  /** Something went out when something last came in: where sending fails nothing is counted. */
  #sends = false;

  /**
   * `expects` reports whether something must come now; it is told whether this end sends. `changed` is told when
   * nothing comes, and when something does again.
   */
  constructor(pc: RTCPeerConnection, expects: (sends: boolean) => boolean, changed: (silent: boolean) => void) {
    this.#pc = pc;
    this.#expects = expects;
    this.#changed = changed;
    this.#timer = setInterval(() => void this.#look().catch(() => undefined), LOOK);
  }

  /** Whether something arrived just now. */
  hears(): boolean {
    return Date.now() - this.#arrivedAt < SILENT + LOOK;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    // Firefox says at once that an interface is gone, which may be back in a moment.
    const connected = /^(dis)?connected$/.test(this.#pc.connectionState);
    const last = this.#last;
    // A browser may forget the pair whose address is gone: then nothing comes over it either.
    const now = connected ? ((await carried(this.#pc)) ?? last) : undefined;
    this.#last = now;
    if (now && last && now.received > last.received) this.#arrivedAt = Date.now();
    if (!now || !last || now.received !== last.received) {
      this.#heardAt = Date.now();
      this.#sends = !!now && !!last && now.sent > last.sent;
      if (now && last) this.#become(false);
    } else if (!this.#expects(this.#sends)) this.#heardAt = Date.now();
    else if (Date.now() - this.#heardAt >= SILENT) this.#become(true);
  }

  #become(silent: boolean): void {
    if (this.#silent === silent) return;
    this.#silent = silent;
    this.#changed(silent);
  }
}

/** Asks for the statistics of one track, which hold those of the transport: fewer than all. */
async function carried(pc: RTCPeerConnection): Promise<Carried | undefined> {
  const tracks = pc.getTransceivers().map(({ sender, receiver }) => sender?.track ?? receiver?.track);
  const counted = await during(pc, pc.getStats(tracks.find((track) => track) ?? null));
  for (const one of (counted as ReadonlyMap<string, RTCStats>).values()) {
    const pair = one as RTCIceCandidatePairStats;
    if (pair.type !== "candidate-pair" || !pair.nominated || pair.state !== "succeeded") continue;
    const { bytesSent, bytesReceived, responsesReceived = 0 } = pair;
    if (bytesSent !== undefined && bytesReceived !== undefined)
      return { sent: bytesSent, received: bytesReceived + responsesReceived };
  }
  return undefined;
}
