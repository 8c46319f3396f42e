import { type Emitter, uncaught } from "./emitter.js";
import { type Fault, type FaultContext, faults, VideoSDKError } from "./fault.js";
import { isReported } from "./faults.gen.js";
import { log } from "./log.js";
import type { MeetingEvents } from "./meetingevents.js";

/** Where a meeting is between `initMeeting` and its end. */
export type Phase = "new" | "joining" | "lobby" | "joined" | "left";

/** How a public call is guarded. */
export interface Guard {
  /** Calls of one lane exclude each other: 3055. */
  readonly lane?: string;
  /** May be called while reconnecting: it waits for the connection instead of failing with 3065. */
  readonly whileAway?: boolean;
}

/** What calls ask of their meeting. */
export interface CallsOwner {
  readonly events: Emitter<MeetingEvents>;
  phase(): Phase;
  /** For how long the connection has been cut, in ms; undefined while it is there. */
  awayMs(): number | undefined;
  /** Makes a span of a call, where the application has a Tracer. */
  traced<T>(method: string, call: () => Promise<T>): Promise<T>;
  /** Tells the server of a fault that it cannot know. */
  report(fault: VideoSDKError): void;
  /** The id of the fault that has cut it, or "". */
  cause(): string;
  where(): FaultContext;
}

/** Calls guards the public calls of a meeting and reports faults: each once, as the `error` event. */
export class Calls {
  readonly #owner: CallsOwner;
  #busy = new Set<string>();
  readonly #told = new Set<string>();

  constructor(owner: CallsOwner) {
    this.#owner = owner;
  }

  /** Forgets the calls that run: those of an earlier participation exclude none of the next. */
  reset(): void {
    this.#busy = new Set();
  }

  /** Runs a public call: it needs the meeting joined and connected, and its fault fires `error`. */
  run<T>(method: string, run: () => Promise<T>, guard: Guard = {}): Promise<T> {
    return this.handled(this.#owner.traced(method, () => this.#guarded(method, run, guard)));
  }

  async #guarded<T>(method: string, run: () => Promise<T>, { lane, whileAway }: Guard): Promise<T> {
    const busy = this.#busy;
    const free = lane === undefined || !busy.has(lane);
    try {
      this.#require(method, whileAway ?? false);
      if (!free) throw this.error(faults.operationInProgressInProgress, { method });
      if (lane !== undefined) busy.add(lane);
      return await run();
    } catch (failure) {
      throw failure instanceof VideoSDKError ? this.tell(failure) : failure;
    } finally {
      if (free && lane !== undefined) busy.delete(lane);
    }
  }

  #require(method: string, whileAway: boolean): void {
    switch (this.#owner.phase()) {
      case "new":
      case "joining":
        throw this.error(faults.actionPerformedBeforeMeetingJoinedNotJoined, { method });
      case "lobby":
        throw this.error(faults.actionPerformedBeforeMeetingJoinedInLobby, { method });
      case "left":
        throw this.error(faults.actionPerformedBeforeMeetingJoinedLeft, { method });
      case "joined": {
        const awayMs = this.#owner.awayMs();
        if (awayMs !== undefined && !whileAway)
          throw new VideoSDKError(
            faults.meetingReconnectingReconnecting(
              { method, awayMs },
              { ...this.where(), causeId: this.#owner.cause() },
            ),
          );
      }
    }
  }

  /** With an `error` listener the fault is heard: a call that nobody awaits is then no unhandled rejection. */
  handled<T>(promise: Promise<T>): Promise<T> {
    if (this.#owner.events.listenerCount("error") > 0) promise.catch(() => undefined);
    return promise;
  }

  /** Fires `error`, once per incident, and tells the server of what it cannot know. */
  tell(fault: VideoSDKError): VideoSDKError {
    if (this.#told.has(fault.id)) return fault;
    this.#told.add(fault.id);
    log(fault.fatal ? "ERROR" : "WARN", String(fault));
    if (isReported(fault)) this.#owner.report(fault);
    this.#owner.events.emit("error", fault);
    return fault;
  }

  where(): FaultContext {
    return this.#owner.where();
  }

  error<D>(make: (details: D, at: FaultContext) => Fault, details: D): VideoSDKError {
    return new VideoSDKError(make(details, this.#owner.where()));
  }

  already(method: string, state: string): VideoSDKError {
    return this.error(faults.alreadyInRequestedStateAlready, { method, state });
  }

  /** A failure of join that is not a fault: what answered speaks another protocol. The console gets the whole of it. */
  asFault(failure: unknown): VideoSDKError {
    if (failure instanceof VideoSDKError) return failure;
    uncaught(failure);
    return this.error(faults.signalingUnreachableNotKlatch, { url: this.#owner.where().server ?? "", status: 101 });
  }
}
