import type { Clock } from "./clock.js";
import type { Diagnosis, Found } from "./diagnosis.js";
import { type FaultContext, faults } from "./fault.js";

/** Timers of a page that runs are not as late as that, also on a busy machine. */
const SUSPENDED_MS = 10_000;

export interface SuspensionOwner {
  where(): FaultContext;
}

/**
 * Suspension finds that no script of the page ran for a while. The clock that does not go back (performance.now) stands
 * still in some browsers while the device sleeps; the other one may have been set: then the server's tells which it was.
 */
export class Suspension implements Diagnosis {
  readonly every = 500;
  readonly after = 0;
  readonly until = 5_000;
  readonly #owner: SuspensionOwner;
  readonly #clock: Clock;
  #at = Date.now();
  #ranAt = performance.now();
  #frozen = false;

  constructor(owner: SuspensionOwner, clock: Clock) {
    this.#owner = owner;
    this.#clock = clock;
    globalThis.document?.addEventListener("freeze", this.#freezes);
  }

  async look(): Promise<Found> {
    const [at, ranAt, frozen] = [Date.now(), performance.now(), this.#frozen];
    const [slept, stood] = [at - this.#at, ranAt - this.#ranAt];
    this.#at = at;
    this.#ranAt = ranAt;
    this.#frozen = false;
    if (slept < SUSPENDED_MS && stood < SUSPENDED_MS) return undefined;
    if (stood < SUSPENDED_MS) {
      const before = this.#clock.last;
      const offset = await this.#clock.offset();
      if (before === undefined || offset === undefined) return "unknown";
      if (Math.abs(offset - before) > slept / 2) return undefined; // the clock was set
    }
    const details = {
      visibility: document.visibilityState,
      frozen,
      forMs: Math.round(Math.max(slept, stood)),
    };
    return () => faults.clientImpairedTabSuspended(details, this.#owner.where());
  }

  close(): void {
    globalThis.document?.removeEventListener("freeze", this.#freezes);
  }

  readonly #freezes = (): void => {
    this.#frozen = true;
  };
}
