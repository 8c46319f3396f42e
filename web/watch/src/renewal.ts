import { lifeOf, withSignature, type Place } from "./address";

/** How often the next signature is asked for again when it was not given, in milliseconds. */
const againMs = 5_000;

/** The signature of the addresses that are played, renewed in time for as long as the page plays. */
export class Renewal {
  #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  /** With the newest signature. */
  get place(): Place {
    return this.#place;
  }

  /** An address of a file of the stream, as it is asked for now. */
  readonly fresh = (url: string): string => {
    const signature = /\/hls\/([0-9.]+[\w-]{43})\//.exec(this.#place.full)?.[1];
    return signature === undefined ? url : withSignature(url, signature);
  };

  /** Renews until the signal: first when half of the time is over, by this computer's clock or a wrong one's. */
  async run(signal: AbortSignal): Promise<void> {
    while (this.#place.renewal !== undefined && !signal.aborted) {
      const left = lifeOf(this.#place.full, Date.now());
      await pause(Math.min(Math.max(left / 2, againMs / 5), 2 ** 31 - 1), signal);
      if (!signal.aborted && !(await this.#renew(this.#place.renewal, signal))) await pause(againMs, signal);
    }
  }

  async #renew(url: string, signal: AbortSignal): Promise<boolean> {
    try {
      const answer = await fetch(url, { signal, cache: "no-store" });
      const { signature } = (await answer.json()) as { signature?: unknown };
      if (!answer.ok || typeof signature !== "string" || signature === "") return false;
      const { id, full, live } = this.#place;
      this.#place = {
        id,
        full: withSignature(full, signature),
        live: withSignature(live, signature),
        renewal: withSignature(url, signature),
      };
      return true;
    } catch {
      return false; // the server is gone, or does not give another one: the player says what follows from it
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
