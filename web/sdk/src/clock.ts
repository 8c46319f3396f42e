import { object, string } from "./check.js";
import type { Diagnosis, Found } from "./diagnosis.js";
import { type FaultContext, faults } from "./fault.js";

/** A measurement that took longer says too little. */
const ROUND_TRIP_MS = 3_000;

const pong = object({ serverTime: string });

export interface ClockOwner {
  /** Asks the server for its time: the method `ping`. */
  ping(): Promise<unknown>;
  /** By how much the clock of who mints tokens may be off. */
  tokenLeewayMs(): number;
  where(): FaultContext;
}

/** Clock finds a clock of this device with which tokens that it mints are refused. */
export class Clock implements Diagnosis {
  readonly after = 0;
  readonly #owner: ClockOwner;
  #last: number | undefined;
  #wrong = false;

  constructor(owner: ClockOwner) {
    this.#owner = owner;
  }

  get every(): number {
    return this.#wrong || this.#last === undefined ? 5_000 : 60_000;
  }

  async look(): Promise<Found> {
    const offset = await this.offset();
    if (offset === undefined) return "unknown";
    const leewayMs = this.#owner.tokenLeewayMs();
    this.#wrong = Math.abs(offset) > leewayMs;
    if (!this.#wrong) return undefined;
    const now = Date.now();
    const details = {
      clientTime: new Date(now).toISOString(),
      serverTime: new Date(now - offset).toISOString(),
      offBySec: Math.round(offset / 1_000),
      leewaySec: leewayMs / 1_000,
    };
    return () => faults.clientImpairedClockWrong(details, this.#owner.where());
  }

  /** What was measured last. */
  get last(): number | undefined {
    return this.#last;
  }

  /** By how many milliseconds this clock is ahead of the server's; undefined where it did not answer soon. */
  async offset(): Promise<number | undefined> {
    const [asked, began] = [Date.now(), performance.now()];
    const { serverTime } = pong(await this.#owner.ping(), "ping");
    const took = performance.now() - began;
    if (took > ROUND_TRIP_MS) return undefined;
    return (this.#last = asked + took / 2 - Date.parse(serverTime));
  }
}
