/** A count of bytes, and when it was read. */
export interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

/** A rate is measured over at least this long where samples allow it, in ms, and never over less than LEAST_MS. */
const WINDOW_MS = 1_000;
const LEAST_MS = 200;
/** Samples older than this are of no use for a present rate, in ms. */
const OLD_MS = 10_000;

/**
 * Rates turns byte counts into bit rates. It keeps the samples of the last seconds, so that a rate is that of about the
 * last second however often and by however many callers it is read.
 */
export class Rates {
  readonly #samples = new Map<string, Sample[]>();

  /** The rate at a sample, in bit/s; undefined while there is no earlier sample to compare it with. */
  at(key: string, sample: Sample): number | undefined {
    // A count that shrank is of another sender or receiver.
    const kept = (this.#samples.get(key) ?? []).filter(
      ({ atMs, bytes }) => sample.atMs - atMs <= OLD_MS && bytes <= sample.bytes && atMs < sample.atMs,
    );
    // One sample that is old enough for the window suffices.
    const whole = kept.findLastIndex(({ atMs }) => sample.atMs - atMs >= WINDOW_MS);
    const useful = kept.slice(Math.max(whole, 0));
    this.#samples.set(key, [...useful, sample]);
    const [before] = useful;
    const forMs = before ? sample.atMs - before.atMs : 0;
    return before && forMs >= LEAST_MS ? Math.round(((sample.bytes - before.bytes) * 8000) / forMs) : undefined;
  }

  /** Forgets what was read under keys that begin so. */
  forget(prefix: string): void {
    for (const key of this.#samples.keys()) if (key.startsWith(prefix)) this.#samples.delete(key);
  }
}
