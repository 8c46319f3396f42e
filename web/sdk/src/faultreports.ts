import { VideoSDKError, type Fault } from "./fault.js";
import { isUnanswered } from "./faults.gen.js";

export interface FaultReportsOwner {
  /** Whether the server is told of what is found now. */
  reports(): boolean;
  isConnected(): boolean;
  request(method: string, params: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** A fault that began, or with `over` one that has ended. */
interface FaultReport {
  readonly fault: Fault;
  readonly at: number;
  readonly over: boolean;
}

const MAX_WAITING = 64;
/** The server takes nothing that is older. */
const MAX_AGE_MS = 3_600_000;

/**
 * FaultReports tells the server which faults were found here and which of them are over: in order, and what is found
 * while there is no connection as soon as there is one again.
 */
export class FaultReports {
  readonly #owner: FaultReportsOwner;
  readonly #reported = new Set<string>();
  #waiting: FaultReport[] = [];
  #sending = false;

  constructor(owner: FaultReportsOwner) {
    this.#owner = owner;
  }

  /** Forgets what waits: it belongs to an earlier participation. */
  reset(): void {
    this.#waiting = [];
    this.#reported.clear();
  }

  /** Reports a fault, which may have begun before. */
  began(fault: Fault, at = Date.now()): void {
    if (!this.#owner.reports() || this.#reported.has(fault.id) || this.#waiting.length >= MAX_WAITING) return;
    this.#reported.add(fault.id);
    this.#add({ fault, at, over: false });
  }

  /** Reports that a fault which lasted is over. */
  ended(fault: Fault): void {
    if (this.#reported.delete(fault.id)) this.#add({ fault, at: Date.now(), over: true });
  }

  #add(report: FaultReport): void {
    this.#waiting.push(report);
    void this.retry();
  }

  /** Sends what waits, if there is a connection. */
  async retry(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    for (let next; (next = this.#waiting[0]) && this.#owner.isConnected();) {
      const failure = await this.#send(next).then(
        () => undefined,
        (failure: unknown) => failure,
      );
      if (failure instanceof VideoSDKError) {
        if (isUnanswered(failure)) break;
        const pause = failure.retryAfterMs;
        if (pause > 0) {
          await new Promise((resolve) => setTimeout(resolve, pause));
          continue;
        }
      }
      if (this.#waiting[0] === next) this.#waiting.shift();
    }
    this.#sending = false;
  }

  #send({ fault, at, over }: FaultReport): Promise<unknown> {
    const agoMs = Math.min(Math.max(0, Date.now() - at), MAX_AGE_MS);
    return over
      ? this.#owner.request("reportCleared", { id: fault.id, agoMs })
      : this.#owner.request("report", { fault, agoMs });
  }
}
