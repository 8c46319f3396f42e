import * as Codes from "./codes.gen.js";
import { type Fault, VideoSDKError } from "./fault.js";
import type { FaultReports } from "./faultreports.js";

/** What a network that is back may take to bring everything back. */
export const LEAD_GRACE_MS = 5_000;

export interface ConditionsOwner {
  tell(fault: VideoSDKError): void;
  cleared(fault: Fault, forMs: number): void;
}

interface Lasting {
  readonly fault: Fault;
  told: boolean;
}

/** Whether a dead network shows in the fault. */
const isOfNetwork = ({ code }: Fault): boolean =>
  code === Codes.MEDIA_CONNECTION_LOST || code === Codes.SIGNALING_UNREACHABLE;

/** What does not arrive while there is a path is not the cause of others. */
const leads = ({ fault }: Lasting): boolean => fault.reason !== "MEDIA_NOT_ARRIVING";

/**
 * Conditions are the faults that last. Of those that one dead network has, the first is told; those that begin while it
 * lasts name it as their cause, and are told to nobody but the server. Where some last on for a while after the first
 * is over, the next one is told.
 */
export class Conditions {
  readonly #owner: ConditionsOwner;
  readonly #reports: FaultReports;
  /** Those of the network by id, oldest first. */
  readonly #lasting = new Map<string, Lasting>();
  #lead: Lasting | undefined;
  #grace: ReturnType<typeof setTimeout> | undefined;

  constructor(owner: ConditionsOwner, reports: FaultReports) {
    this.#owner = owner;
    this.#reports = reports;
  }

  /** The id of the fault that stands for a dead network; "" for none. */
  get cause(): string {
    return this.#lead?.fault.id ?? "";
  }

  reset(): void {
    clearTimeout(this.#grace);
    this.#lasting.clear();
    this.#lead = undefined;
  }

  /** Begins one that has lasted since a time. */
  raise(fault: Fault, since = Date.now()): void {
    if (!isOfNetwork(fault)) return this.#owner.tell(new VideoSDKError(fault));
    const lasting: Lasting = { fault: { ...fault, causeId: this.cause } as Fault, told: !this.#lead };
    this.#lasting.set(fault.id, lasting);
    this.#reports.began(lasting.fault, since);
    if (!lasting.told) return;
    if (leads(lasting)) this.#lead = lasting;
    this.#owner.tell(new VideoSDKError(lasting.fault));
  }

  /** Ends one that has lasted for so long. */
  end(fault: Fault, forMs: number): void {
    const lasting = this.#lasting.get(fault.id);
    this.#lasting.delete(fault.id);
    this.#reports.ended(fault);
    if (lasting?.told !== false) this.#owner.cleared(fault, forMs);
    if (lasting && lasting === this.#lead) this.#follow();
  }

  /** The cause is over; the next one is it, if it lasts on. */
  #follow(): void {
    clearTimeout(this.#grace);
    const next = [...this.#lasting.values()].find(leads);
    this.#lead = next;
    if (!next || next.told) return;
    this.#grace = setTimeout(() => {
      next.told = true;
      this.#owner.tell(new VideoSDKError(next.fault));
    }, LEAD_GRACE_MS);
  }
}
